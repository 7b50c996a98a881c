-- name: load_stations
-- Stations by name.
SELECT station, online, version, devices, queued, badge, configured, seen_at FROM stations WHERE station IN @each($1);

-- name: write_stations
-- What stations last said of themselves.
INSERT INTO stations (station, online, version, devices, queued, badge, configured, seen_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (station) DO UPDATE SET online = excluded.online, version = excluded.version, devices = excluded.devices,
    queued = excluded.queued, badge = excluded.badge,
    configured = excluded.configured, seen_at = excluded.seen_at;
