-- name: pending
-- Each product that open orders need ($1: `missing` for those that are), by SKU or name ($2, $3), against what is on the
-- shelves and on its way. What is missing most comes first.
-- sorted: -missing = missing, -sku
-- sorted: product = @folded(name), sku
-- sorted: shelf = shelf, sku
-- sorted: to_pack = to_pack, sku
-- sorted: reserved = reserved, sku
-- sorted: incoming = incoming, sku
SELECT needed.sku, coalesce(products.name, needed.sku) AS name, needed.orders, needed.to_pack, needed.reserved,
    needed.to_pack - needed.reserved AS missing,
    coalesce((SELECT sum(shelf) FROM levels WHERE levels.sku = needed.sku), 0) AS shelf,
    coalesce((SELECT sum(delivery_lines.expected - delivery_lines.received)
        FROM delivery_lines JOIN deliveries ON deliveries.number = delivery_lines.delivery
        WHERE delivery_lines.sku = needed.sku AND delivery_lines.expected > delivery_lines.received
            AND deliveries.status IN ('expected', 'partly_received')), 0) AS incoming,
    (SELECT min(deliveries.expected_at)
        FROM delivery_lines JOIN deliveries ON deliveries.number = delivery_lines.delivery
        WHERE delivery_lines.sku = needed.sku AND delivery_lines.expected > delivery_lines.received
            AND deliveries.status IN ('expected', 'partly_received')) AS comes_at
FROM (
    SELECT sku, count(DISTINCT order_id) AS orders, sum(ordered - cancelled - packed) AS to_pack,
        sum(reserved) AS reserved
    FROM order_lines WHERE ordered > packed + cancelled AND supplier = '' GROUP BY sku
) AS needed LEFT JOIN products ON products.sku = needed.sku
WHERE ($1 = '' OR needed.to_pack > needed.reserved)
    AND ($2 = '' OR lower(needed.sku) LIKE $3 ESCAPE '\' OR products.folded_name LIKE $3 ESCAPE '\');

-- name: lacking_orders
-- The orders that lack these products, the oldest first.
SELECT order_lines.sku, orders.order_id, orders.placed_at, orders.status, orders.name,
    sum(order_lines.ordered - order_lines.cancelled - order_lines.packed - order_lines.reserved) AS missing
FROM order_lines JOIN orders ON orders.order_id = order_lines.order_id
WHERE order_lines.sku IN @each($1) AND order_lines.supplier = ''
    AND order_lines.ordered > order_lines.packed + order_lines.cancelled
    AND order_lines.reserved < order_lines.ordered - order_lines.cancelled - order_lines.packed
GROUP BY order_lines.sku, orders.order_id, orders.placed_at, orders.status, orders.name
ORDER BY order_lines.sku, orders.placed_at, orders.order_id LIMIT 5000;
