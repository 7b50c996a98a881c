-- name: load
-- All that was paid and given back of orders.
SELECT order_id, number, kind, amount, method, reference, slip, note, by, at
FROM payments WHERE order_id IN @each($1) ORDER BY order_id, number;

-- name: write
-- Money that moved, each once.
INSERT INTO payments (order_id, number, kind, amount, method, reference, slip, note, by, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: load_incoming
-- Money by its key, and all that is booked for these orders or waits for them.
SELECT key, kind, amount, currency, method, reference, label, named, at, state, order_id, by
FROM incoming
WHERE key IN @each($1) OR (order_id <> '' AND order_id IN @each($2)) OR (state = 'open' AND named IN @each($2));

-- name: write_incoming
-- Money that was told, and what became of it.
INSERT INTO incoming (key, kind, amount, currency, method, reference, label, named, at, state, order_id, by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (key) DO UPDATE SET state = excluded.state, order_id = excluded.order_id, by = excluded.by;
