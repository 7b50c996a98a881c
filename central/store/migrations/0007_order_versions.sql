-- Grows with each change of a person or a shop: who decides about an order says which version was seen.
ALTER TABLE orders ADD COLUMN version bigint NOT NULL DEFAULT 1;
