-- Orders that are picked together: the code of their list opens the next one that is still to be packed.
ALTER TABLE orders ADD COLUMN pick_list text NOT NULL DEFAULT '';
CREATE INDEX orders_pick_list ON orders (pick_list, status) WHERE pick_list <> '';
