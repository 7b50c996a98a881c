-- How many serials of the prefix were leased on the day (UTC) of this lease, up to it.
ALTER TABLE sscc_ranges ADD COLUMN of_day bigint NOT NULL DEFAULT 0;
