-- name: order_of
-- Which order of ours a shop's own id stands for.
SELECT order_id FROM shop_orders WHERE key = $1;
