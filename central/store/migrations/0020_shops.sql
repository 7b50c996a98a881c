-- What web shops told last of each of their orders.
CREATE TABLE shop_orders (
    key text PRIMARY KEY,
    order_id text NOT NULL,
    told_at bigint NOT NULL,
    lines text NOT NULL,
    deleted bigint NOT NULL
) @clustered;
