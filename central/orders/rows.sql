-- name: load
-- Orders by number.
SELECT order_id, placed_at, ship_to, status, name, email, phone, language, payment, payment_method, payment_reference,
    paid_amount, refunded_amount, currency, total, service, gift_note, notes, tote, pick_list, promised_at, source,
    held, cancelled, content, created_at, changed_at, version, warehouse, routed_by, priority,
    priority_reason, ready_at, due_at, pays_by, photo, merged_into, decided
FROM orders WHERE order_id IN @each($1);

-- name: load_merged
-- The numbers of all orders that are packed together, by the first of them.
SELECT order_id FROM orders WHERE merged_into IN @each($1) AND merged_into <> '';

-- name: write
-- New and changed orders; what a shop sent once (when it was placed, where it came from) stays.
INSERT INTO orders (order_id, placed_at, ship_to, status, name, email, phone, language, payment, payment_method,
    payment_reference, paid_amount, refunded_amount, currency, total, service, gift_note, notes, tote, pick_list,
    promised_at, source, held, cancelled, content, created_at, changed_at, version, warehouse,
    routed_by, priority,
    priority_reason, ready_at, due_at, pays_by, photo, merged_into, decided)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
    $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38)
ON CONFLICT (order_id) DO UPDATE SET ship_to = excluded.ship_to, status = excluded.status, name = excluded.name,
    email = excluded.email, phone = excluded.phone, language = excluded.language, payment = excluded.payment,
    payment_method = excluded.payment_method, payment_reference = excluded.payment_reference,
    paid_amount = excluded.paid_amount, refunded_amount = excluded.refunded_amount, currency = excluded.currency,
    total = excluded.total,
    service = excluded.service, gift_note = excluded.gift_note, notes = excluded.notes, tote = excluded.tote,
    pick_list = excluded.pick_list,
    promised_at = excluded.promised_at, held = excluded.held, cancelled = excluded.cancelled,
    content = excluded.content, changed_at = excluded.changed_at,
    version = excluded.version, warehouse = excluded.warehouse, routed_by = excluded.routed_by,
    priority = excluded.priority, priority_reason = excluded.priority_reason, ready_at = excluded.ready_at,
    due_at = excluded.due_at, pays_by = excluded.pays_by, merged_into = excluded.merged_into,
    decided = excluded.decided;

-- name: load_lines
-- The lines of orders, in their order.
SELECT order_id, line, sku, ordered, name, unit_price, reserved, packed, shipped, delivered, returned, cancelled,
    supplier, supplier_ordered, supplier_reference
FROM order_lines WHERE order_id IN @each($1) ORDER BY order_id, line;

-- name: write_lines
-- New lines and changed quantities.
INSERT INTO order_lines (order_id, line, sku, ordered, name, unit_price, reserved, packed, shipped, delivered, returned,
    cancelled, supplier, supplier_ordered, supplier_reference)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (order_id, line) DO UPDATE SET sku = excluded.sku, ordered = excluded.ordered, name = excluded.name,
    unit_price = excluded.unit_price, reserved = excluded.reserved, packed = excluded.packed,
    shipped = excluded.shipped, delivered = excluded.delivered, returned = excluded.returned,
    cancelled = excluded.cancelled, supplier = excluded.supplier, supplier_ordered = excluded.supplier_ordered,
    supplier_reference = excluded.supplier_reference;

-- name: write_terms
-- Words that find an order.
INSERT INTO order_terms (term, placed_at, order_id) VALUES ($1, $2, $3)
ON CONFLICT (term, placed_at, order_id) DO NOTHING;

-- name: forget_terms
-- Words that an order no longer has.
DELETE FROM order_terms WHERE term = $1 AND placed_at = $2 AND order_id = $3;

-- name: write_text
-- All words of an order in one text.
UPDATE orders SET found_by = $1 WHERE order_id = $2;

-- name: unfound
-- Orders of before there were words.
SELECT order_id FROM orders_unfound LIMIT $1;

-- name: found
-- These have their words now.
DELETE FROM orders_unfound WHERE order_id IN @each($1);

-- name: mark_freed
-- Products of which more is free than before, if any order waits for them; and those of which a warehouse promised
-- more than it has.
INSERT INTO freed (sku, times)
SELECT given.value, 1 FROM @each($1) AS given
WHERE EXISTS (
    SELECT 1 FROM order_lines WHERE order_lines.sku = given.value AND order_lines.supplier = ''
        AND order_lines.reserved < order_lines.ordered - order_lines.cancelled - order_lines.packed
) OR EXISTS (
    SELECT 1 FROM levels WHERE levels.sku = given.value AND levels.shelf < levels.reserved
        AND NOT EXISTS (SELECT 1 FROM products WHERE products.sku = levels.sku AND products.oversell <> 0)
)
ON CONFLICT (sku) DO UPDATE SET times = freed.times + 1;

-- name: forget_freed
-- Everything that waited was served, and nothing came free meanwhile.
DELETE FROM freed WHERE sku = $1 AND times = $2;

-- name: earlier
-- How many orders each e-mail address has that are not cancelled; beyond a hundred nobody counts.
SELECT given.value AS email, (
    SELECT count(*) FROM (
        SELECT 1 FROM orders WHERE lower(email) = given.value AND email <> '' AND cancelled = 0 LIMIT 100
    ) AS found
) AS earlier
FROM @each($1) AS given;

-- name: load_promised
-- Orders that are promised some of these products.
SELECT DISTINCT order_id FROM order_lines
WHERE sku IN @each($1) AND reserved > 0 AND ordered > packed + cancelled;
