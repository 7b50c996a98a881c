-- name: search
-- The office's list, newest first: by text (number, consignee, e-mail, SKU, tracking number), status, payment, door
-- and time of placing. $8 and $9 are where the page before ended.
SELECT found.order_id, found.placed_at, found.status, found.name, found.email, found.ship_to, found.payment,
    found.payment_method, found.currency, found.total, found.service, found.source, found.held, found.promised_at,
    found.changed_at,
    (SELECT coalesce(sum(ordered - cancelled), 0) FROM order_lines WHERE order_lines.order_id = found.order_id) AS pieces,
    (SELECT coalesce(sum(packed), 0) FROM order_lines WHERE order_lines.order_id = found.order_id) AS packed,
    (SELECT coalesce(sum(shipped), 0) FROM order_lines WHERE order_lines.order_id = found.order_id) AS shipped
FROM orders AS found
WHERE ($1 = '' OR lower(found.order_id) LIKE $2 ESCAPE '\' OR lower(found.name) LIKE $2 ESCAPE '\'
        OR lower(found.email) LIKE $2 ESCAPE '\'
        OR found.order_id IN (SELECT order_id FROM order_lines WHERE lower(sku) = lower($1))
        OR found.order_id IN (
            SELECT parcel_lines.order_id FROM parcel_lines JOIN parcels ON parcels.sscc = parcel_lines.sscc
            WHERE parcels.tracking_number = $1 OR parcels.sscc = $1))
    AND ($3 = '' OR found.status = $3)
    AND ($4 = '' OR found.payment = $4)
    AND ($5 = '' OR found.source = $5)
    AND found.placed_at >= $6 AND found.placed_at < $7
    AND (found.placed_at < $8 OR (found.placed_at = $8 AND found.order_id > $9))
ORDER BY found.placed_at DESC, found.order_id
LIMIT $10;

-- name: count_by_status
-- How many orders there are in each status.
SELECT status, count(*) AS orders FROM orders GROUP BY status;

-- name: one
-- One order with all that is known of it.
SELECT order_id, placed_at, ship_to, status, name, email, phone, language, payment, payment_method, payment_reference,
    paid_amount, currency, total, service, gift_note, notes, tote, pick_list, promised_at, source, held, cancelled,
    content, created_at, changed_at, version
FROM orders WHERE order_id = $1;

-- name: lines_of
-- Its lines with the products' own names.
SELECT order_lines.line, order_lines.sku, coalesce(products.name, order_lines.name) AS name, order_lines.ordered,
    order_lines.unit_price, order_lines.reserved, order_lines.packed, order_lines.shipped, order_lines.delivered,
    order_lines.returned, order_lines.cancelled, coalesce(products.picture, '') AS picture
FROM order_lines LEFT JOIN products ON products.sku = order_lines.sku
WHERE order_lines.order_id = $1 ORDER BY order_lines.line;

-- name: waiting_for
-- Orders that lack stock of these products, the oldest first.
SELECT DISTINCT orders.order_id, orders.placed_at
FROM order_lines JOIN orders ON orders.order_id = order_lines.order_id
WHERE order_lines.sku IN @each($1) AND order_lines.ordered > order_lines.packed + order_lines.cancelled
    AND order_lines.reserved < order_lines.ordered - order_lines.cancelled - order_lines.packed
ORDER BY orders.placed_at, orders.order_id LIMIT 1000;

-- name: pending_of
-- Open orders of one product, the oldest first.
SELECT orders.order_id, orders.placed_at, orders.status, orders.name, sum(order_lines.ordered - order_lines.cancelled
    - order_lines.packed) AS to_pack, sum(order_lines.reserved) AS reserved
FROM order_lines JOIN orders ON orders.order_id = order_lines.order_id
WHERE order_lines.sku = $1 AND order_lines.ordered > order_lines.packed + order_lines.cancelled
GROUP BY orders.order_id, orders.placed_at, orders.status, orders.name
ORDER BY orders.placed_at, orders.order_id LIMIT 100;

-- name: version
-- Grows with everything that happens to an order.
SELECT count(*) AS version FROM timeline WHERE subject = 'order/' || $1;
