-- What was found of a line before it was to be counted a second time, because it was far from what should be there.
ALTER TABLE count_lines ADD COLUMN first_counted bigint;
ALTER TABLE count_lines ADD COLUMN first_at bigint;
ALTER TABLE count_lines ADD COLUMN first_by text NOT NULL DEFAULT '';
