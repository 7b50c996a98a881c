-- What parcels were filled and closed with.
ALTER TABLE parcels ADD COLUMN materials text NOT NULL DEFAULT '[]';
