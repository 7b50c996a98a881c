-- name: told_of
-- What a shop told last of an order of ours.
SELECT told FROM shop_orders WHERE order_id = $1 ORDER BY told_at DESC LIMIT 1;

-- name: order_of
-- Which order of ours a shop's own id stands for.
SELECT order_id FROM shop_orders WHERE key = $1;
