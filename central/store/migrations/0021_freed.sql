-- Products of which something came free, or which became known, while orders wait for them.
CREATE TABLE freed (
    sku text PRIMARY KEY,
    times bigint NOT NULL
) @clustered;
-- What waits for stock.
CREATE INDEX order_lines_lacking ON order_lines (sku, order_id)
    WHERE supplier = '' AND reserved < ordered - cancelled - packed;
