-- The picture of a parcel's open box, as its station told it.
ALTER TABLE parcels ADD COLUMN photo TEXT NOT NULL DEFAULT '';
