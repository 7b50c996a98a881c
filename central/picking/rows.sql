-- name: load_batches
-- Batches by number.
SELECT batch, kind, warehouse, state, begun_by, begun_at, ended_at FROM pick_batches WHERE batch IN @each($1);

-- name: load_batch_orders
-- The orders of batches, in their places.
SELECT batch, order_id, place, tote, is_open FROM pick_orders WHERE batch IN @each($1) ORDER BY batch, place;

-- name: load_batches_of
-- Where orders are being picked now.
SELECT batch, order_id, place, tote, is_open FROM pick_orders WHERE order_id IN @each($1) AND is_open = 1;

-- name: load_tasks
-- The tasks of batches, in the order of the walk.
SELECT batch, task, order_id, line, sku, bin, lot, quantity, picked, ticked, short, picker, settled_at
FROM pick_tasks WHERE batch IN @each($1) ORDER BY batch, task;

-- name: write_batches
-- New batches, and how they ended.
INSERT INTO pick_batches (batch, kind, warehouse, state, begun_by, begun_at, ended_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (batch) DO UPDATE SET state = excluded.state, ended_at = excluded.ended_at;

-- name: write_batch_orders
-- Orders of batches, and their totes.
INSERT INTO pick_orders (batch, order_id, place, tote, is_open) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (batch, order_id) DO UPDATE SET tote = excluded.tote, is_open = excluded.is_open;

-- name: write_tasks
-- Tasks, and how far they are.
INSERT INTO pick_tasks (batch, task, order_id, line, sku, bin, lot, quantity, picked, ticked, short, picker, settled_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (batch, task) DO UPDATE SET quantity = excluded.quantity, picked = excluded.picked,
    ticked = excluded.ticked, short = excluded.short, picker = excluded.picker, settled_at = excluded.settled_at;
