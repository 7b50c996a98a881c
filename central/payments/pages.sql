-- name: of_order
-- What came and went for one order, in order.
SELECT number, kind, amount, method, reference, slip, note, by, at
FROM payments WHERE order_id = $1 ORDER BY number;

-- name: unpaid_since
-- Orders of which nothing came, taken in before a moment, the oldest first. $2 and $3 are where the batch before ended.
SELECT order_id, pays_by, created_at FROM orders
WHERE payment = 'awaiting' AND cancelled = 0 AND created_at < $1
    AND (created_at > $2 OR (created_at = $2 AND order_id > $3))
ORDER BY created_at, order_id LIMIT 200;
