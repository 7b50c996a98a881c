-- name: waiting
-- Claims that a person could approve still, oldest first. $1 is now; what is offered later is from a clock that was ahead.
SELECT claim, station, fingerprint, address, offered_at, ends_at, wrong FROM claims
WHERE state = 'waiting' AND ends_at > $1 AND offered_at <= $1 + 900000 ORDER BY offered_at, claim;

-- name: one
-- One claim.
SELECT claim, station, request, proof, fingerprint, address, offered_at, ends_at, state, wrong, certificate, answer
FROM claims WHERE claim = $1;

-- name: certificates
-- The certificates that have not ended ($1 is now): of a station ($2, $3), and valid or revoked ($4).
-- sorted: station = station, -issued_at, serial
-- sorted: issued = issued_at, serial
-- sorted: ends = ends_at, serial
SELECT serial, station, issued_at, ends_at, issued_by, revoked_at, revoked_by, cut_at
FROM certificates
WHERE ends_at > $1 AND ($2 = '' OR lower(station) LIKE $3 ESCAPE '\')
    AND ($4 <> 'valid' OR revoked_at IS NULL) AND ($4 <> 'revoked' OR revoked_at IS NOT NULL);

-- name: certified
-- Which of these stations ($2) have a certificate that is valid. $1 is now.
SELECT DISTINCT station FROM certificates WHERE ends_at > $1 AND revoked_at IS NULL AND station IN @each($2);

-- name: revoked
-- Serials that the broker must refuse: revoked, and not ended by themselves. $1 is now.
SELECT serial, station, cut_at FROM certificates WHERE revoked_at IS NOT NULL AND ends_at > $1 ORDER BY serial;
