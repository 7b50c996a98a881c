-- name: load_claims
-- Claims by their drawn name.
SELECT claim, station, request, proof, fingerprint, address, offered_at, ends_at, state, wrong, certificate, answer
FROM claims WHERE claim IN @each($1);

-- name: load_waiting
-- Claims that a person could approve still. $1 is now; what is offered later is from a clock that was ahead.
SELECT claim, station, request, proof, fingerprint, address, offered_at, ends_at, state, wrong, certificate, answer
FROM claims WHERE state = 'waiting' AND ends_at > $1 AND offered_at <= $1 + 900000;

-- name: load_certificates
-- Every certificate of these stations.
SELECT serial, station, issued_at, ends_at, issued_by, revoked_at, revoked_by, cut_at
FROM certificates WHERE station IN @each($1);

-- name: write_claims
-- Claims as they are now.
INSERT INTO claims (claim, station, request, proof, fingerprint, address, offered_at, ends_at, state, wrong,
    certificate, answer)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (claim) DO UPDATE SET state = excluded.state, wrong = excluded.wrong,
    certificate = excluded.certificate, answer = excluded.answer;

-- name: trim_claims
-- Claims that ended more than a day before $1, the end of the newest, are forgotten, and those of a clock that was ahead.
DELETE FROM claims WHERE ends_at < $1 - 86400000 OR ends_at > $1 + 86400000;

-- name: write_certificates
-- Certificates as they are now.
INSERT INTO certificates (serial, station, issued_at, ends_at, issued_by, revoked_at, revoked_by, cut_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (serial) DO UPDATE SET revoked_at = excluded.revoked_at, revoked_by = excluded.revoked_by,
    cut_at = excluded.cut_at;
