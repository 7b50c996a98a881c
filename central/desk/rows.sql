-- name: load_received
-- Facts that are booked already.
SELECT message_id, station, sequence, booked_at, problem FROM received WHERE message_id IN @each($1);

-- name: write_received
-- Booked for good.
INSERT INTO received (message_id, station, sequence, booked_at, problem) VALUES ($1, $2, $3, $4, $5);

-- name: write_outbox
-- For the broker, each once.
INSERT INTO outbox (topic, body, retain, at) VALUES ($1, $2, $3, $4);

-- name: write_news
-- For the broker; news of the same topic that did not leave yet is replaced, under a new number.
INSERT OR REPLACE INTO outbox (topic, body, retain, at) VALUES ($1, $2, $3, $4);

-- name: write_ended
-- News that stands on the broker, of what came to an end.
INSERT INTO ended_news (topic, ended_at) VALUES ($1, $2) ON CONFLICT (topic) DO UPDATE SET ended_at = excluded.ended_at;

-- name: forget_ended
-- It does not stand any more, or goes on.
DELETE FROM ended_news WHERE topic = $1;

-- name: ended
-- News that has stood long enough since its end.
SELECT topic FROM ended_news WHERE ended_at < $1 ORDER BY ended_at LIMIT $2;

-- name: unsent
-- What the broker does not have yet.
SELECT sequence, topic, body, retain, at FROM outbox WHERE sequence > $1 ORDER BY sequence LIMIT $2;

-- name: forget_sent
-- The broker has these.
DELETE FROM outbox WHERE sequence IN @each($1);

-- name: write_aside
-- Payloads for a person to look at.
INSERT INTO aside (topic, reason, payload, size, at) VALUES ($1, $2, $3, $4, $5);

-- name: trim_aside
-- Only the newest thousand are kept; their numbers go on, so the highest number is how many there ever were.
DELETE FROM aside WHERE aside <= (SELECT max(aside) FROM aside) - 1000;

-- name: load_requests
-- Answers that were given under these keys.
SELECT name, digest, answer, at FROM requests WHERE name IN @each($1);

-- name: forget_requests
-- Answers from before $1 that are not among the newest $2: the clock may have jumped.
DELETE FROM requests
WHERE at < $1 AND at <= coalesce((SELECT at FROM requests ORDER BY at DESC LIMIT 1 OFFSET $2), -1);

-- name: write_request
-- What was carried out and answered.
INSERT INTO requests (name, digest, answer, at) VALUES ($1, $2, $3, $4);

-- name: restored_at
-- When a copy took the place of the database, the last time.
SELECT coalesce(max(restored_at), 0) AS restored_at FROM restorations;

-- name: write_restorations
-- A copy takes the place of the database.
INSERT INTO restorations (restored_at, taken_at, copy, by) VALUES ($1, $2, $3, $4);
