-- What the house's rules made of an order when it came in; empty when none acted.
ALTER TABLE orders ADD COLUMN decided text NOT NULL DEFAULT '';
