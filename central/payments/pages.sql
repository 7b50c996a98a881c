-- name: of_order
-- What came and went for one order, in order.
SELECT number, kind, amount, method, reference, slip, note, by, at
FROM payments WHERE order_id = $1 ORDER BY number;
