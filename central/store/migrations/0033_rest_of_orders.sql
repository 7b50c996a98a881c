-- The queue has the rest of orders of which a part has left already.
UPDATE orders SET ready_at = placed_at, due_at = coalesce(promised_at, placed_at)
WHERE status = 'partly_shipped' AND held = '[]' AND cancelled = 0 AND payment IN ('paid', 'overpaid', 'partly_refunded')
    AND EXISTS (SELECT 1 FROM order_lines WHERE order_lines.order_id = orders.order_id AND reserved > 0);
DROP INDEX orders_queue;
CREATE INDEX orders_queue ON orders (warehouse, priority DESC, due_at, placed_at, order_id)
    WHERE status IN ('open', 'partly_packed', 'partly_shipped');
