-- name: load_jobs
-- Jobs by name, with the rows that are leased under one of them.
SELECT job_id, station, fence, state, badge, leased_at, in_hand, confirmed, old_labels, under, until FROM jobs
WHERE job_id IN @each($1) OR (under IN @each($1) AND under <> '');

-- name: write_jobs
-- New and changed jobs.
INSERT INTO jobs (job_id, station, fence, state, badge, leased_at, in_hand, confirmed, old_labels, under, until)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (job_id) DO UPDATE SET station = excluded.station, fence = excluded.fence, state = excluded.state,
    badge = excluded.badge, leased_at = excluded.leased_at, in_hand = excluded.in_hand,
    confirmed = excluded.confirmed, old_labels = excluded.old_labels, under = excluded.under,
    until = excluded.until;

-- name: find
-- The orders behind scanned codes: order number, tote, SSCC, tracking number. Pick lists: see find_listed.
SELECT given.value AS code, 'order' AS kind, order_id FROM @each($1) AS given JOIN orders ON order_id = given.value
UNION ALL
SELECT given.value, 'tote', order_id FROM @each($1) AS given JOIN orders ON tote = given.value AND tote <> ''
UNION ALL
SELECT given.value, 'parcel', job_id FROM @each($1) AS given JOIN parcels ON sscc = given.value
UNION ALL
SELECT given.value, 'tracking', job_id FROM @each($1) AS given
    JOIN parcels ON tracking_number = given.value AND tracking_number <> sscc AND tracking_number <> '';

-- name: find_listed
-- The orders of a scanned pick list: what is still to be packed first, and of that the most urgent.
SELECT given.value AS code, 'pick_list' AS kind, order_id
FROM @each($1) AS given JOIN orders ON pick_list = given.value AND pick_list <> ''
ORDER BY status IN ('packed', 'shipped', 'delivered', 'cancelled'), priority DESC, due_at, placed_at, order_id
LIMIT 50;

-- name: find_single
-- Open orders of one piece of a scanned product, the most urgent first; several, as some may be at other stations.
-- CROSS JOIN: SQLite takes the tables as they stand here, from the code; it would begin with every open order.
SELECT given.value AS code, 'product' AS kind, orders.order_id
FROM @each($1) AS given CROSS JOIN product_codes CROSS JOIN order_lines CROSS JOIN orders
WHERE product_codes.code = given.value
    AND order_lines.sku = product_codes.sku AND order_lines.ordered > order_lines.packed + order_lines.cancelled
    AND orders.order_id = order_lines.order_id AND orders.status = 'open'
    AND order_lines.ordered - order_lines.cancelled = 1 AND order_lines.supplier = ''
    AND NOT EXISTS (
        SELECT 1 FROM order_lines AS other WHERE other.order_id = orders.order_id AND other.line <> order_lines.line
            AND other.cancelled < other.ordered
    )
ORDER BY orders.priority DESC, orders.due_at, orders.placed_at, orders.order_id
LIMIT 50;

-- name: find_offered
-- What stations that want their next work hold already: an offer that they may not have heard. $1: the code they gave.
SELECT $1 AS code, 'queue' AS kind, job_id FROM jobs
WHERE station IN @each($2) AND state <> 'idle' AND state = 'leased' ORDER BY leased_at, job_id LIMIT 50;

-- name: find_next
-- The head of a warehouse's queue: what may be packed and no station has. What was put down waits at its bench for its
-- own code.
SELECT $1 AS code, 'queue' AS kind, order_id FROM orders
WHERE warehouse = $2 AND status IN ('open', 'partly_packed', 'partly_shipped') AND ready_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM jobs WHERE job_id = orders.order_id AND state <> 'idle')
ORDER BY priority DESC, due_at, placed_at, order_id LIMIT $3;

-- name: find_lent
-- For an empty queue: what is lent ahead to other stations that could give it back, what is asked back already first.
SELECT $1 AS code, 'lent' AS kind, jobs.job_id FROM jobs
    JOIN stations ON stations.station = jobs.station AND stations.online = 1
    JOIN orders ON orders.order_id = jobs.job_id AND orders.warehouse = $2
WHERE jobs.until > 0 AND jobs.state IN ('leased', 'wanted') AND jobs.station NOT IN @each($3)
ORDER BY jobs.state DESC, jobs.until DESC, jobs.job_id DESC LIMIT 3;

-- name: load_held
-- All that a station has.
SELECT job_id, station, fence, state, badge, leased_at, in_hand, confirmed, old_labels, under, until FROM jobs
WHERE station = $1 AND state <> 'idle' AND state <> 'suspended';

-- name: expired
-- Jobs that were lent ahead and that nobody has opened by now.
SELECT job_id FROM jobs WHERE until > 0 AND until <= $1 ORDER BY until LIMIT 50;

-- name: load_masses
-- What was learned of products' and boxes' masses.
SELECT kind, name, mean_mg, variance, seen, evidence, parcels FROM masses WHERE kind = 'product' AND name IN @each($1)
UNION ALL
SELECT kind, name, mean_mg, variance, seen, evidence, parcels FROM masses WHERE kind = 'box' AND name IN @each($2);

-- name: write_masses
-- What a parcel taught.
INSERT INTO masses (kind, name, mean_mg, variance, seen, evidence, parcels) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (kind, name) DO UPDATE SET mean_mg = excluded.mean_mg, variance = excluded.variance, seen = excluded.seen,
    evidence = excluded.evidence, parcels = excluded.parcels;

-- name: mass_of
-- What was learned of one product's mass, for its page.
SELECT kind, name, mean_mg, variance, seen, evidence, parcels FROM masses WHERE kind = 'product' AND name = $1;
