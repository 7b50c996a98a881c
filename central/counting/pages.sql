-- name: search
-- Count jobs: by status ($1, `undecided` for all that nobody has decided on) and by their name or what is counted
-- ($2, $3).
-- sorted: -created = created_at, -count
-- sorted: count = count
-- sorted: what = @folded(what), count
-- sorted: warehouse = warehouse, count
-- sorted: status = status, count
-- sorted: counted = counted, count
-- sorted: decided = decided_by, count
SELECT counts.count, counts.warehouse, counts.what, counts.blind, counts.status, counts.created_at, counts.created_by,
    counts.decided_at, counts.decided_by,
    (SELECT count(*) FROM count_lines WHERE count_lines.count = counts.count) AS lines,
    (SELECT count(*) FROM count_lines WHERE count_lines.count = counts.count AND counted IS NOT NULL) AS counted
FROM counts
WHERE ($1 = '' OR counts.status = $1 OR ($1 = 'undecided' AND counts.status IN ('open', 'counted')))
    AND ($2 = '' OR lower(counts.count) LIKE $3 ESCAPE '\' OR lower(counts.what) LIKE $3 ESCAPE '\');

-- name: names_of
-- The names of a count's products.
SELECT products.sku, products.name
FROM products WHERE products.sku IN (SELECT sku FROM count_lines WHERE count = $1);

-- name: in_bins
-- Products that lie in these bins of a warehouse.
SELECT DISTINCT sku FROM holdings WHERE warehouse = $1 AND bin IN @each($2) AND quantity <> 0 ORDER BY sku;

-- name: last_counted
-- When each product was counted last and somebody approved it.
SELECT count_lines.sku, max(count_lines.counted_at) AS at
FROM count_lines JOIN counts ON counts.count = count_lines.count
WHERE counts.status = 'approved' GROUP BY count_lines.sku;
