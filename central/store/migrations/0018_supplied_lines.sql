-- Lines that a supplier sends to the customer himself, and the products that are always sent so.
ALTER TABLE order_lines ADD COLUMN supplier text NOT NULL DEFAULT '';
ALTER TABLE order_lines ADD COLUMN supplier_ordered bigint NOT NULL DEFAULT 0;
ALTER TABLE order_lines ADD COLUMN supplier_reference text NOT NULL DEFAULT '';
ALTER TABLE products ADD COLUMN supplier text NOT NULL DEFAULT '';
