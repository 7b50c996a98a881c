-- Money of which a bank or a card processor told, and whose it is.
CREATE TABLE incoming (
    key text PRIMARY KEY,
    kind text NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    method text NOT NULL,
    reference text NOT NULL,
    label text NOT NULL,
    named text NOT NULL,
    at bigint NOT NULL,
    state text NOT NULL,
    order_id text NOT NULL,
    by text NOT NULL
) @clustered;
CREATE INDEX incoming_open ON incoming (at) WHERE state = 'open';
CREATE INDEX incoming_named ON incoming (named) WHERE state = 'open';
CREATE INDEX incoming_of ON incoming (order_id) WHERE order_id <> '';
