-- Levels by warehouse; bins and lots; movements say where, and of which lot.
ALTER TABLE levels RENAME TO levels_of_the_house;
CREATE TABLE levels (
    sku text NOT NULL,
    warehouse text NOT NULL,
    shelf bigint NOT NULL,
    packed bigint NOT NULL,
    reserved bigint NOT NULL,
    pick_bin text NOT NULL,
    PRIMARY KEY (sku, warehouse)
) @clustered;
INSERT INTO levels (sku, warehouse, shelf, packed, reserved, pick_bin)
SELECT sku, 'main', shelf, packed, reserved, '' FROM levels_of_the_house;
DROP TABLE levels_of_the_house;

ALTER TABLE movements ADD COLUMN warehouse text NOT NULL DEFAULT 'main';
ALTER TABLE movements ADD COLUMN source_bin text NOT NULL DEFAULT '';
ALTER TABLE movements ADD COLUMN target_bin text NOT NULL DEFAULT '';
ALTER TABLE movements ADD COLUMN lot text NOT NULL DEFAULT '';
ALTER TABLE movements ADD COLUMN serial text NOT NULL DEFAULT '';
CREATE INDEX movements_of_serial ON movements (serial) WHERE serial <> '';

-- Pieces on the shelf whose bin or lot is known: sums of movements.
CREATE TABLE holdings (
    sku text NOT NULL,
    warehouse text NOT NULL,
    bin text NOT NULL,
    lot text NOT NULL,
    quantity bigint NOT NULL,
    PRIMARY KEY (sku, warehouse, bin, lot)
) @clustered;

CREATE TABLE lots (
    sku text NOT NULL,
    lot text NOT NULL,
    expiry text NOT NULL,
    stopped text NOT NULL,
    PRIMARY KEY (sku, lot)
) @clustered;
CREATE INDEX lots_named ON lots (lot);

-- From which warehouse an order goes, and who chose it; nobody when the rule did.
ALTER TABLE orders ADD COLUMN warehouse text NOT NULL DEFAULT 'main';
ALTER TABLE orders ADD COLUMN routed_by text NOT NULL DEFAULT '';
ALTER TABLE parcels ADD COLUMN warehouse text NOT NULL DEFAULT 'main';
