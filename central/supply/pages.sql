-- name: suppliers
-- All suppliers, by name.
SELECT code, name, email, phone, lead_days FROM suppliers ORDER BY lower(name), code;

-- name: search
-- Deliveries: by status ($1, `open` for all that something is still expected of), supplier ($2) and number or product
-- ($3, $4).
-- sorted: -created = created_at, -number
-- sorted: delivery = number
-- sorted: supplier = @folded(supplier_name), number
-- sorted: status = status, number
-- sorted: expected = expected, number
-- sorted: received = received, number
-- sorted: comes = coalesce(expected_at, 4611686018427387904), number
SELECT deliveries.number, deliveries.supplier, coalesce(suppliers.name, deliveries.supplier) AS supplier_name,
    deliveries.warehouse, deliveries.expected_at, deliveries.note, deliveries.status, deliveries.created_at,
    deliveries.changed_at, deliveries.created_by,
    (SELECT coalesce(sum(expected), 0) FROM delivery_lines WHERE delivery = deliveries.number) AS expected,
    (SELECT coalesce(sum(received), 0) FROM delivery_lines WHERE delivery = deliveries.number) AS received
FROM deliveries LEFT JOIN suppliers ON suppliers.code = deliveries.supplier
WHERE ($1 = '' OR deliveries.status = $1 OR ($1 = 'open' AND deliveries.status IN ('expected', 'partly_received')))
    AND ($2 = '' OR deliveries.supplier = $2)
    AND ($3 = '' OR lower(deliveries.number) LIKE $4 ESCAPE '\'
        OR deliveries.number IN (SELECT delivery FROM delivery_lines WHERE lower(sku) = lower($3)));

-- name: one
-- One delivery with its supplier.
SELECT deliveries.number, deliveries.supplier, coalesce(suppliers.name, deliveries.supplier) AS supplier_name,
    deliveries.warehouse, deliveries.expected_at, deliveries.note, deliveries.status, deliveries.created_at,
    deliveries.changed_at, deliveries.created_by,
    (SELECT coalesce(sum(expected), 0) FROM delivery_lines WHERE delivery = deliveries.number) AS expected,
    (SELECT coalesce(sum(received), 0) FROM delivery_lines WHERE delivery = deliveries.number) AS received
FROM deliveries LEFT JOIN suppliers ON suppliers.code = deliveries.supplier
WHERE deliveries.number = $1;

-- name: lines_of
-- Its lines with the products' names.
SELECT delivery_lines.line, delivery_lines.sku, coalesce(products.name, delivery_lines.sku) AS name,
    delivery_lines.expected, delivery_lines.received
FROM delivery_lines LEFT JOIN products ON products.sku = delivery_lines.sku
WHERE delivery_lines.delivery = $1 ORDER BY delivery_lines.line;

-- name: receipts_of
-- What came of a delivery, when, to where, of which lot; the oldest first.
SELECT movement, sku, quantity, warehouse, target_bin AS bin, lot, serial, by, at
FROM movements WHERE reference = 'delivery/' || $1 AND reason = 'received' ORDER BY movement;
