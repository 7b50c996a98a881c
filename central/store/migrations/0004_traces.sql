-- Products may require lot, serial number or expiry of each piece; what parcels hold of them can be traced.
ALTER TABLE products ADD COLUMN requires text NOT NULL DEFAULT '[]';

CREATE TABLE traces (
    sscc text NOT NULL,
    order_id text NOT NULL,
    line bigint NOT NULL,
    number bigint NOT NULL,
    sku text NOT NULL,
    quantity bigint NOT NULL,
    lot text NOT NULL,
    serial text NOT NULL,
    expiry text NOT NULL,
    -- Product and serial number together, empty without a number.
    item text NOT NULL,
    PRIMARY KEY (sscc, order_id, line, number)
) @clustered;
CREATE INDEX traces_item ON traces (item) WHERE item <> '';
CREATE INDEX traces_lot ON traces (lot) WHERE lot <> '';
CREATE INDEX traces_serial ON traces (serial) WHERE serial <> '';
