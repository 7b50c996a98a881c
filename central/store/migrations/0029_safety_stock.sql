-- Pieces that a product should never go below: to be told before they are gone.
ALTER TABLE products ADD COLUMN safety_stock bigint NOT NULL DEFAULT 0;
