-- The words by which orders are found, folded by `central.orders.terms`; compared byte by byte (PostgreSQL: COLLATE "C").
CREATE TABLE order_terms (
    term text NOT NULL,
    placed_at bigint NOT NULL,
    order_id text NOT NULL,
    PRIMARY KEY (term, placed_at, order_id)
) @clustered;
-- All words of an order, each behind a space, in order.
ALTER TABLE orders ADD COLUMN found_by text NOT NULL DEFAULT '';
-- Orders of before: their words are written when the database is opened.
CREATE TABLE orders_unfound (
    order_id text PRIMARY KEY
) @clustered;
INSERT INTO orders_unfound (order_id) SELECT order_id FROM orders;
-- Nobody ever looked by these: text was sought anywhere in a name.
DROP INDEX orders_name;
DROP INDEX orders_email;
-- Lists are newest first.
DROP INDEX orders_placed;
CREATE INDEX orders_placed ON orders (placed_at DESC, order_id);
DROP INDEX orders_open;
CREATE INDEX orders_status ON orders (status, placed_at DESC, order_id);
CREATE INDEX orders_unpaid ON orders (payment, placed_at DESC, order_id) WHERE payment <> 'paid';
