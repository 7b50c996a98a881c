-- The queue: until when an order must be packed, since when it may be, and what a person put before others.
-- 9000000000000000: nothing says until when.
ALTER TABLE orders ADD COLUMN priority bigint NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN priority_reason text NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN ready_at bigint;
ALTER TABLE orders ADD COLUMN due_at bigint NOT NULL DEFAULT 9000000000000000;
UPDATE orders SET ready_at = placed_at, due_at = coalesce(promised_at, placed_at) WHERE status IN ('open', 'partly_packed');
CREATE INDEX orders_queue ON orders (warehouse, priority DESC, due_at, placed_at, order_id) WHERE status IN ('open', 'partly_packed');
