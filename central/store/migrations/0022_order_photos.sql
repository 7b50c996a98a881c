-- Whether the open boxes of an order are photographed, where it is not as its service says.
ALTER TABLE orders ADD COLUMN photo TEXT NOT NULL DEFAULT '';
