-- name: load
-- All that was paid and given back of orders.
SELECT order_id, number, kind, amount, method, reference, slip, note, by, at
FROM payments WHERE order_id IN @each($1) ORDER BY order_id, number;

-- name: write
-- Money that moved, each once.
INSERT INTO payments (order_id, number, kind, amount, method, reference, slip, note, by, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);
