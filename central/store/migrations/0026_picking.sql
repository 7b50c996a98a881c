-- Orders that are picked together, bin by bin into totes.
CREATE TABLE pick_batches (
    batch text PRIMARY KEY,
    kind text NOT NULL,
    warehouse text NOT NULL,
    state text NOT NULL,
    begun_by text NOT NULL,
    begun_at bigint NOT NULL,
    ended_at bigint
) @clustered;

CREATE TABLE pick_orders (
    batch text NOT NULL,
    order_id text NOT NULL,
    place bigint NOT NULL,
    tote text NOT NULL,
    is_open bigint NOT NULL,
    PRIMARY KEY (batch, order_id)
) @clustered;
CREATE UNIQUE INDEX pick_orders_open ON pick_orders (order_id) WHERE is_open = 1;

CREATE TABLE pick_tasks (
    batch text NOT NULL,
    task bigint NOT NULL,
    order_id text NOT NULL,
    line bigint NOT NULL,
    sku text NOT NULL,
    bin text NOT NULL,
    lot text NOT NULL,
    quantity bigint NOT NULL,
    picked bigint NOT NULL,
    ticked bigint NOT NULL,
    short bigint NOT NULL,
    picker text NOT NULL,
    settled_at bigint,
    PRIMARY KEY (batch, task)
) @clustered;
