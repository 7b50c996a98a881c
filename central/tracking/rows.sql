-- name: write_tracking
-- What happened to parcels.
INSERT INTO tracking_events (sscc, number, status, at, recorded_at, source, text, place)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: write_timeline
-- What happened to orders, parcels, products and stations.
INSERT INTO timeline (subject, at, what, station, by, text) VALUES ($1, $2, $3, $4, $5, $6);

-- name: timeline_of
-- One subject's timeline, oldest first.
SELECT at, what, station, by, text FROM timeline WHERE subject = $1 ORDER BY at, entry;

-- name: newest_of
-- The newest entries of one subject's timeline, newest first.
SELECT at, what, station, by, text FROM timeline WHERE subject = $1 ORDER BY at DESC, entry DESC LIMIT $2;

-- name: events_of
-- One parcel's tracking events, oldest first.
SELECT number, status, at, recorded_at, source, text, place FROM tracking_events WHERE sscc = $1 ORDER BY at, number;

-- name: write_problems
-- What a person must look at.
INSERT INTO problems (kind, text, at, station, badge, order_id, sscc, sku) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: close_problems
-- Somebody dealt with it; the first to do so counts.
UPDATE problems SET closed_at = $2, closed_by = $3 WHERE problem = $1 AND closed_at IS NULL;

-- name: close_problems_of_parcels
-- A held parcel was taken apart or let go: what asked for it is dealt with.
UPDATE problems SET closed_at = $2, closed_by = $3
WHERE closed_at IS NULL AND sscc = $1 AND kind IN ('void_label', 'relabel', 'more_than_ordered', 'packed_while_held');
