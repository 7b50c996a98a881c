-- name: load_counts
-- Count jobs by name.
SELECT count, warehouse, what, blind, status, created_at, created_by, decided_at, decided_by
FROM counts WHERE count IN @each($1);

-- name: load_count_lines
-- Their lines, in the order of the shelves.
SELECT count, sku, bin, lot, counted, counted_at, counted_by, expected, first_counted, first_at, first_by
FROM count_lines WHERE count IN @each($1) ORDER BY count, bin, sku, lot;

-- name: write_counts
-- New count jobs, with the end of the ledger at that moment (also when a station tells of it late), and where they
-- stand.
INSERT INTO counts (count, warehouse, what, blind, status, created_at, created_by, decided_at, decided_by, began_after)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce(
    (SELECT min(movement) - 1 FROM movements
        WHERE movement > (SELECT coalesce(max(movement), 0) FROM movements) - 50000 AND at > $6),
    (SELECT max(movement) FROM movements), 0))
ON CONFLICT (count) DO UPDATE SET status = excluded.status, decided_at = excluded.decided_at,
    decided_by = excluded.decided_by;

-- name: write_count_lines
-- What is to be counted and what was found.
INSERT INTO count_lines (
    count, sku, bin, lot, counted, counted_at, counted_by, expected, first_counted, first_at, first_by
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (count, sku, bin, lot) DO UPDATE SET counted = excluded.counted, counted_at = excluded.counted_at,
    counted_by = excluded.counted_by, expected = excluded.expected, first_counted = excluded.first_counted,
    first_at = excluded.first_at, first_by = excluded.first_by;

-- name: moved_since
-- Movements of these counts' products that were booked since the counts began.
SELECT sku, source, target, quantity, reason, reference, by, at, warehouse, source_bin, target_bin, lot, serial
FROM movements
WHERE movement > (SELECT min(began_after) FROM counts WHERE count IN @each($1))
    AND sku IN (SELECT sku FROM count_lines WHERE count IN @each($1));
