-- The list of parcels is newest first.
CREATE INDEX parcels_closed ON parcels (closed_at DESC, sscc);
