-- name: load_stations
-- Stations by name.
SELECT station, online, version, devices, queued, badge, configured, seen_at, troubles, wants FROM stations
WHERE station IN @each($1);

-- name: at_work
-- Stations that are online with somebody signed in.
SELECT station FROM stations WHERE online = 1 AND badge <> '';

-- name: hungry
-- Of these, some that would have more orders at hand than there were for them.
SELECT station, wants FROM stations WHERE online = 1 AND badge <> '' AND wants > 0 ORDER BY wants DESC, station LIMIT 20;

-- name: online
-- Stations that are online now.
SELECT station, online, version, devices, queued, badge, configured, seen_at, troubles, wants FROM stations
WHERE online = 1;

-- name: write_scale_checks
-- Checks of scales; one that comes again changes nothing.
INSERT INTO scale_checks (station, scale, at, badge, weight_g, tolerance_g, zero_g, shown_g, return_g, empty_low_g,
    empty_high_g, passed, due_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (station, scale, at) DO NOTHING;

-- name: forget_presence
-- Nobody knows which stations are there, and what they were sent.
UPDATE stations SET online = 0, configured = 0;

-- name: write_stations
-- What stations last said of themselves.
INSERT INTO stations (station, online, version, devices, queued, badge, configured, seen_at, troubles, wants)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (station) DO UPDATE SET online = excluded.online, version = excluded.version, devices = excluded.devices,
    queued = excluded.queued, badge = excluded.badge, configured = excluded.configured, seen_at = excluded.seen_at,
    troubles = excluded.troubles, wants = excluded.wants;
