-- name: candidates
-- What may be picked now in a warehouse, the most urgent first. $2: 1 for orders of one piece only. $3: the zone that
-- all their products lie in, as the beginning of the bins' names; empty: any.
SELECT orders.order_id FROM orders
WHERE orders.warehouse = $1 AND orders.status IN ('open', 'partly_packed', 'partly_shipped') AND orders.ready_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM pick_orders WHERE pick_orders.order_id = orders.order_id AND is_open = 1)
    AND NOT EXISTS (SELECT 1 FROM jobs WHERE job_id = orders.order_id AND state <> 'idle' AND until = 0)
    AND ($2 = 0 OR (SELECT sum(ordered - cancelled - packed) FROM order_lines
        WHERE order_lines.order_id = orders.order_id) = 1)
    AND ($3 = '' OR NOT EXISTS (
        SELECT 1 FROM order_lines WHERE order_lines.order_id = orders.order_id AND order_lines.reserved > 0
            AND NOT EXISTS (
                SELECT 1 FROM holdings WHERE holdings.sku = order_lines.sku AND holdings.warehouse = orders.warehouse
                    AND holdings.quantity > 0 AND substr(upper(holdings.bin), 1, length($3)) = upper($3))))
ORDER BY priority DESC, due_at, placed_at, orders.order_id LIMIT $4;

-- name: batches
-- Batches, in a state ($1): of a person or with an order ($2). The open ones come first, then the newest.
-- sorted: state = CASE state WHEN 'open' THEN 0 WHEN 'done' THEN 1 ELSE 2 END, -begun_at, batch
-- sorted: batch = batch
-- sorted: orders = orders, batch
-- sorted: picked = picked, batch
-- sorted: by = begun_by, batch
-- sorted: begun = begun_at, batch
SELECT pick_batches.batch, kind, warehouse, state, begun_by, begun_at, ended_at,
    (SELECT count(*) FROM pick_orders WHERE pick_orders.batch = pick_batches.batch) AS orders,
    (SELECT coalesce(sum(quantity - short), 0) FROM pick_tasks WHERE pick_tasks.batch = pick_batches.batch) AS pieces,
    (SELECT coalesce(sum(picked), 0) FROM pick_tasks WHERE pick_tasks.batch = pick_batches.batch) AS picked
FROM pick_batches
WHERE ($1 = '' OR state = $1)
    AND ($2 = '' OR lower(begun_by) = lower($2)
        OR pick_batches.batch IN (SELECT batch FROM pick_orders WHERE order_id = $2 OR tote = $2));

-- name: one
-- One batch.
SELECT batch, kind, warehouse, state, begun_by, begun_at, ended_at FROM pick_batches WHERE batch = $1;

-- name: orders_of
-- Its orders and their totes.
SELECT pick_orders.order_id, pick_orders.place, pick_orders.tote, orders.name, orders.status
FROM pick_orders JOIN orders ON orders.order_id = pick_orders.order_id
WHERE pick_orders.batch = $1 ORDER BY pick_orders.place;

-- name: tasks_of
-- Its tasks in the order of the walk, with what the product looks like.
SELECT pick_tasks.task, pick_tasks.order_id, pick_tasks.sku, coalesce(products.name, pick_tasks.sku) AS name,
    coalesce(products.picture, '') AS picture, coalesce(products.policy, 'scan') AS policy, pick_tasks.bin,
    pick_tasks.lot, pick_tasks.quantity, pick_tasks.picked, pick_tasks.ticked, pick_tasks.short, pick_tasks.picker,
    pick_orders.tote, pick_orders.place
FROM pick_tasks
JOIN pick_orders ON pick_orders.batch = pick_tasks.batch AND pick_orders.order_id = pick_tasks.order_id
LEFT JOIN products ON products.sku = pick_tasks.sku
WHERE pick_tasks.batch = $1 ORDER BY pick_tasks.task;
