-- Orders that are packed together, by the first of them; and the lease that covers each.
ALTER TABLE orders ADD COLUMN merged_into text NOT NULL DEFAULT '';
CREATE INDEX orders_merged ON orders (merged_into) WHERE merged_into <> '';
ALTER TABLE jobs ADD COLUMN under text NOT NULL DEFAULT '';
CREATE INDEX jobs_under ON jobs (under) WHERE under <> '';
