-- How many serials of a prefix were leased today is looked up with each lease.
CREATE INDEX sscc_ranges_by_day ON sscc_ranges (prefix, leased_at, first);
