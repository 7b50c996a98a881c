-- Count jobs: what is to be counted, what was found, and who decided.
CREATE TABLE counts (
    count text PRIMARY KEY,
    warehouse text NOT NULL,
    what text NOT NULL,
    blind bigint NOT NULL,
    status text NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    decided_at bigint,
    decided_by text NOT NULL,
    -- The newest movement of that moment: what the count must look at comes behind it.
    began_after bigint NOT NULL
) @clustered;
CREATE INDEX counts_created ON counts (created_at DESC, count);

CREATE TABLE count_lines (
    count text NOT NULL,
    sku text NOT NULL,
    bin text NOT NULL,
    lot text NOT NULL,
    counted bigint,
    counted_at bigint,
    counted_by text NOT NULL,
    expected bigint,
    PRIMARY KEY (count, sku, bin, lot)
) @clustered;
-- When a product was counted last.
CREATE INDEX count_lines_of ON count_lines (sku, counted_at);
