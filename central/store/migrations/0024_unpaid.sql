-- How the customer means to pay, and the orders of which nothing came yet.
ALTER TABLE orders ADD COLUMN pays_by text NOT NULL DEFAULT '';
CREATE INDEX orders_awaiting ON orders (created_at, order_id) WHERE payment = 'awaiting' AND cancelled = 0;
