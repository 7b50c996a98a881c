-- name: sold_by_week
-- Pieces packed of each product in each week from $1 to $2; what was taken out of parcels again is subtracted.
SELECT sku, (at - $1) / 604800000 AS week, sum(CASE WHEN reason = 'packed' THEN quantity ELSE -quantity END) AS pieces
FROM movements WHERE reason IN ('packed', 'unpacked') AND at >= $1 AND at < $2
GROUP BY sku, week ORDER BY sku, week;

-- name: prices
-- What a piece of each product was sold for on average, in minor units.
SELECT sku, sum(unit_price * packed) / sum(packed) AS price FROM order_lines WHERE packed > 0 GROUP BY sku;

-- name: incoming
-- What suppliers still owe of each product.
SELECT delivery_lines.sku, sum(delivery_lines.expected - delivery_lines.received) AS pieces
FROM delivery_lines JOIN deliveries ON deliveries.number = delivery_lines.delivery
WHERE deliveries.status IN ('expected', 'partly_received') AND delivery_lines.expected > delivery_lines.received
GROUP BY delivery_lines.sku;

-- name: lead_days
-- How long the supplier of each product's newest delivery takes.
SELECT delivery_lines.sku, suppliers.code AS supplier, suppliers.lead_days, max(deliveries.created_at) AS at
FROM delivery_lines JOIN deliveries ON deliveries.number = delivery_lines.delivery
    JOIN suppliers ON suppliers.code = deliveries.supplier
GROUP BY delivery_lines.sku, suppliers.code, suppliers.lead_days ORDER BY at;

-- name: products
-- All products with what is on their shelves; $1 is today.
SELECT products.sku, products.name, products.reorder_point, coalesce(sum(levels.shelf), 0) AS shelf,
    coalesce(sum(levels.reserved), 0) AS reserved, coalesce(max(unsellable.pieces), 0) AS unsellable
FROM products LEFT JOIN levels ON levels.sku = products.sku
    LEFT JOIN @unsellable($1) AS unsellable ON unsellable.sku = products.sku
GROUP BY products.sku, products.name, products.reorder_point ORDER BY products.sku;
