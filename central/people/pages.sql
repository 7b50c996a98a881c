-- name: can_sign_in
-- Whether anybody can: until then this machine alone may come in.
SELECT EXISTS (SELECT 1 FROM accounts WHERE password <> '') AS somebody;

-- name: session
-- Whose session it is, and what they may.
SELECT sessions.session, sessions.account, sessions.started_at, sessions.seen_at, sessions.ends_at, sessions.browser,
    accounts.name, accounts.role, accounts.active, accounts.must_change
FROM sessions JOIN accounts ON accounts.account = sessions.account WHERE sessions.session = $1;

-- name: token_behind
-- The token with this hash.
SELECT token, sha256, scopes, created_by, created_at, expires_at, revoked_at, used_at FROM tokens WHERE sha256 = $1;

-- name: search
-- People by sign-in name. $1 is what name, sign-in name, e-mail or badge contain, $2 a role, $3 whether those who are
-- gone are listed too, $4 where the page before ended.
SELECT account, name, email, role, badge, language, active, password <> '' AS signs_in, must_change, created_at,
    changed_at, (SELECT count(*) FROM sessions WHERE sessions.account = accounts.account) AS sessions
FROM accounts
WHERE account > $4 AND ($2 = '' OR role = $2) AND ($3 = 1 OR active = 1)
    AND (lower(account) LIKE $1 ESCAPE '\' OR lower(name) LIKE $1 ESCAPE '\' OR lower(email) LIKE $1 ESCAPE '\'
        OR lower(badge) LIKE $1 ESCAPE '\')
ORDER BY account LIMIT $5;

-- name: names_of_badges
-- Who carries these badges.
SELECT badge, name FROM accounts WHERE badge <> '' AND badge IN @each($1);

-- name: one
-- One person.
SELECT account, name, email, role, badge, language, active, password <> '' AS signs_in, must_change, created_at,
    changed_at, (SELECT count(*) FROM sessions WHERE sessions.account = accounts.account) AS sessions
FROM accounts WHERE account = $1;

-- name: password_of
-- What is kept of somebody's password, to compare.
SELECT password, active FROM accounts WHERE account = $1;

-- name: sessions_of
-- Where somebody is signed in, the newest first.
SELECT session, started_at, seen_at, browser FROM sessions WHERE account = $1 ORDER BY seen_at DESC;

-- name: tokens
-- Tokens by name. $1 is where the page before ended.
SELECT token, scopes, created_by, created_at, expires_at, revoked_at, used_at FROM tokens WHERE token > $1
ORDER BY token LIMIT $2;

-- name: token
-- One token.
SELECT token, scopes, created_by, created_at, expires_at, revoked_at, used_at FROM tokens WHERE token = $1;

-- name: audit
-- Who did what, newest first. $1 is whose, $2 and $3 are from which subject and before which, $4 and $5 from when and
-- before when, $6 where the page before ended.
SELECT entry, at, by, request, subject, before, after FROM audit
WHERE entry < $6 AND ($1 = '' OR by = $1) AND subject >= $2 AND subject < $3 AND at >= $4 AND at < $5
ORDER BY entry DESC LIMIT $7;
