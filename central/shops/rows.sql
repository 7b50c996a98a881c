-- name: load
-- What shops told last of these orders.
SELECT key, order_id, told_at, lines, deleted, told FROM shop_orders WHERE key IN @each($1);

-- name: load_of
-- What shops told last of these orders of ours.
SELECT key, order_id, told_at, lines, deleted, told FROM shop_orders WHERE order_id IN @each($1);

-- name: write
-- The newest that a shop told.
INSERT INTO shop_orders (key, order_id, told_at, lines, deleted, told) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (key) DO UPDATE SET told_at = excluded.told_at, lines = excluded.lines, deleted = excluded.deleted,
    told = excluded.told;
