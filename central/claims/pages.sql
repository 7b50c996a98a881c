-- name: waiting
-- Claims that a person could approve still, oldest first. $1 is now.
SELECT claim, station, fingerprint, address, offered_at, ends_at, wrong FROM claims
WHERE state = 'waiting' AND ends_at > $1 ORDER BY offered_at, claim;

-- name: one
-- One claim.
SELECT claim, station, request, proof, fingerprint, address, offered_at, ends_at, state, wrong, certificate, answer
FROM claims WHERE claim = $1;

-- name: certificates
-- The certificates that have not ended, by station, newest first. $1 is now.
SELECT serial, station, issued_at, ends_at, issued_by, revoked_at, revoked_by, cut_at
FROM certificates WHERE ends_at > $1 ORDER BY station, issued_at DESC, serial;

-- name: revoked
-- Serials that the broker must refuse: revoked, and not ended by themselves. $1 is now.
SELECT serial, station, cut_at FROM certificates WHERE revoked_at IS NOT NULL AND ends_at > $1 ORDER BY serial;
