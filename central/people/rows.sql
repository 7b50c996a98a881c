-- name: load_accounts
-- Accounts by sign-in name.
SELECT account, name, email, role, badge, language, active, password, must_change, created_at, changed_at
FROM accounts WHERE account IN @each($1);

-- name: load_badges
-- Accounts by badge.
SELECT account, name, email, role, badge, language, active, password, must_change, created_at, changed_at
FROM accounts WHERE badge <> '' AND lower(badge) IN @each($1);

-- name: everyone
-- All accounts.
SELECT account, name, email, role, badge, language, active, password, must_change, created_at, changed_at
FROM accounts;

-- name: load_sessions
-- Sessions by the hash of their secret.
SELECT session, account, started_at, seen_at, ends_at, browser FROM sessions WHERE session IN @each($1);

-- name: load_sessions_of
-- Every session of these accounts.
SELECT session, account, started_at, seen_at, ends_at, browser FROM sessions WHERE account IN @each($1);

-- name: load_tokens
-- Tokens by name.
SELECT token, sha256, scopes, created_by, created_at, expires_at, revoked_at, used_at
FROM tokens WHERE token IN @each($1);

-- name: load_attempts
-- How often somebody tried to sign in.
SELECT attempted, count, last_at FROM attempts WHERE attempted IN @each($1);

-- name: write_accounts
-- Accounts as they are now.
INSERT INTO accounts (account, name, email, role, badge, language, active, password, must_change, created_at,
    changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (account) DO UPDATE SET name = excluded.name, email = excluded.email, role = excluded.role,
    badge = excluded.badge, language = excluded.language, active = excluded.active, password = excluded.password,
    must_change = excluded.must_change, changed_at = excluded.changed_at;

-- name: write_sessions
-- Sessions as they are now.
INSERT INTO sessions (session, account, started_at, seen_at, ends_at, browser) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (session) DO UPDATE SET seen_at = excluded.seen_at, ends_at = excluded.ends_at;

-- name: trim_sessions
-- Sessions that nobody can use again go. $1 is now.
DELETE FROM sessions WHERE ends_at <= $1;

-- name: end_sessions
-- Everybody signs in again.
DELETE FROM sessions;

-- name: write_tokens
-- Tokens as they are now; what one may do never changes.
INSERT INTO tokens (token, sha256, scopes, created_by, created_at, expires_at, revoked_at, used_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (token) DO UPDATE SET revoked_at = excluded.revoked_at, used_at = excluded.used_at;

-- name: write_attempts
-- Tries to sign in.
INSERT INTO attempts (attempted, count, last_at) VALUES ($1, $2, $3)
ON CONFLICT (attempted) DO UPDATE SET count = excluded.count, last_at = excluded.last_at;

-- name: trim_attempts
-- Tries of more than a day before $1, the newest, count no more, nor those of a clock that was ahead.
DELETE FROM attempts WHERE last_at < $1 - 86400000 OR last_at > $1 + 86400000;

-- name: trim_audit
-- Entries from before $1 go: those below the first that is kept. When the oldest is kept, nothing else is looked at.
DELETE FROM audit
WHERE entry < coalesce((SELECT entry FROM audit WHERE at >= $1 ORDER BY entry LIMIT 1), 9000000000000000000);

-- name: write_audit
-- Entries are added, and never changed.
INSERT INTO audit (at, by, request, subject, before, after) VALUES ($1, $2, $3, $4, $5, $6);
