-- name: all
-- Every station that ever spoke, with the job it holds.
SELECT stations.station, stations.online, stations.version, stations.devices, stations.queued, stations.badge,
    stations.seen_at, stations.troubles
FROM stations ORDER BY stations.station;

-- name: scale_checks
-- The checks of a station's scales since a moment, newest first.
SELECT scale, at, badge, weight_g, tolerance_g, zero_g, shown_g, return_g, empty_low_g, empty_high_g, passed, due_at
FROM scale_checks WHERE station = $1 AND at >= $2 ORDER BY scale, at DESC LIMIT 2000;
