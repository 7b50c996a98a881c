-- Every payment of an order, and every one that was given back; the order's own columns are their sums.
CREATE TABLE payments (
    order_id text NOT NULL,
    number bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('received', 'refunded')),
    amount bigint NOT NULL CHECK (amount >= 0),
    method text NOT NULL,
    reference text NOT NULL,
    slip text NOT NULL,
    note text NOT NULL,
    by text NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (order_id, number)
) @clustered;
CREATE INDEX payments_at ON payments (at);
INSERT INTO payments (order_id, number, kind, amount, method, reference, slip, note, by, at)
SELECT order_id, 1, 'received', paid_amount, payment_method, payment_reference, '', '', '', created_at
FROM orders WHERE payment = 'paid';

ALTER TABLE orders ADD COLUMN refunded_amount bigint NOT NULL DEFAULT 0;
