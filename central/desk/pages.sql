-- name: set_aside
-- What stations sent and nobody could read, by topic and reason, newest first. $1 is how far back to look.
SELECT topic, reason, count(*) AS messages, max(size) AS most_bytes, max(at) AS last
FROM aside WHERE at >= $1 GROUP BY topic, reason ORDER BY last DESC LIMIT 20;
