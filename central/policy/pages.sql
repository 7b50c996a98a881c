-- name: past
-- Orders from $1 on, the oldest first, with how many orders their customer had before; $2 and $3 are where the page
-- before ended, $4 is 1 when somebody asks for the customer.
SELECT orders.order_id, orders.placed_at, orders.ship_to, orders.currency, orders.total, orders.source, orders.service,
    orders.decided, orders.payment,
    CASE WHEN $4 = 1 AND orders.email <> '' THEN (
        SELECT count(*) FROM orders AS earlier
        WHERE lower(earlier.email) = lower(orders.email) AND earlier.email <> '' AND earlier.cancelled = 0
            AND (earlier.placed_at, earlier.order_id) < (orders.placed_at, orders.order_id)
    ) ELSE 0 END AS earlier_orders
FROM orders
WHERE orders.placed_at >= $1 AND (orders.placed_at, orders.order_id) > ($2, $3)
ORDER BY orders.placed_at, orders.order_id LIMIT $5;

-- name: past_lines
-- Their lines with what rules ask of products.
SELECT order_lines.order_id, order_lines.sku, order_lines.ordered, products.mass_g,
    coalesce(products.fragile, 0) AS fragile, coalesce(products.oversell, 0) AS oversell,
    coalesce(products.requires, '[]') AS requires
FROM order_lines LEFT JOIN products ON products.sku = order_lines.sku
WHERE order_lines.order_id IN @each($1) ORDER BY order_lines.order_id, order_lines.line;
