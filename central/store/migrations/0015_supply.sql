-- Suppliers, and what they are expected to deliver.
CREATE TABLE suppliers (
    code text PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    phone text NOT NULL,
    lead_days bigint NOT NULL
) @clustered;

CREATE TABLE deliveries (
    number text PRIMARY KEY,
    supplier text NOT NULL,
    warehouse text NOT NULL,
    expected_at bigint,
    note text NOT NULL,
    status text NOT NULL,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    created_by text NOT NULL
) @clustered;
CREATE INDEX deliveries_created ON deliveries (created_at DESC, number);

CREATE TABLE delivery_lines (
    delivery text NOT NULL,
    line bigint NOT NULL,
    sku text NOT NULL,
    expected bigint NOT NULL,
    received bigint NOT NULL,
    PRIMARY KEY (delivery, line)
) @clustered;
CREATE INDEX delivery_lines_of ON delivery_lines (sku);

-- From a delivery to what came of it, and from a lot to all that happened to it.
CREATE INDEX movements_received ON movements (reference) WHERE reason = 'received';
CREATE INDEX movements_of_lot ON movements (lot, movement) WHERE lot <> '';
