-- What shops told last of the fields that the office can change too: only what a shop changed since is taken over.
ALTER TABLE shop_orders ADD COLUMN told text NOT NULL DEFAULT '';
