-- name: all
-- Every station that ever spoke, with the job it holds.
SELECT stations.station, stations.online, stations.version, stations.devices, stations.queued, stations.badge,
    stations.seen_at
FROM stations ORDER BY stations.station;
