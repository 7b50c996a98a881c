-- Labels of leases up to this one have an old address or service: parcels under them must not leave.
ALTER TABLE jobs ADD COLUMN old_labels bigint NOT NULL DEFAULT 0;
