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
-- People. $1 is what name, sign-in name, e-mail or badge contain, $2 a role, $3 whether those who are gone are listed
-- too.
-- sorted: account = account
-- sorted: name = @folded(name), account
-- sorted: role = role, account
-- sorted: badge = badge, account
-- sorted: email = email, account
-- sorted: changed = changed_at, account
SELECT account, name, email, role, badge, language, active, password <> '' AS signs_in, must_change, created_at,
    changed_at, (SELECT count(*) FROM sessions WHERE sessions.account = accounts.account) AS sessions
FROM accounts
WHERE ($2 = '' OR role = $2) AND ($3 = 1 OR active = 1)
    AND (lower(account) LIKE $1 ESCAPE '\' OR lower(name) LIKE $1 ESCAPE '\' OR lower(email) LIKE $1 ESCAPE '\'
        OR lower(badge) LIKE $1 ESCAPE '\');

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
-- Tokens: by name or maker ($1, $2), and those that can be used ($3: `valid`, at $4) or no longer (`over`).
-- sorted: token = token
-- sorted: by = created_by, token
-- sorted: expires = coalesce(expires_at, 4611686018427387904), token
-- sorted: used = used_at, token
SELECT token, scopes, created_by, created_at, expires_at, revoked_at, used_at
FROM tokens
WHERE ($1 = '' OR lower(token) LIKE $2 ESCAPE '\' OR lower(created_by) LIKE $2 ESCAPE '\')
    AND ($3 <> 'valid' OR (revoked_at IS NULL AND coalesce(expires_at, $4 + 1) > $4))
    AND ($3 <> 'over' OR revoked_at IS NOT NULL OR expires_at <= $4);

-- name: token
-- One token.
SELECT token, scopes, created_by, created_at, expires_at, revoked_at, used_at FROM tokens WHERE token = $1;

-- name: audit
-- Who did what. $1 is whose, $2 and $3 from when and before when, $4 the kind of subject (`order/`). The subjects are
-- read from their index only to be sorted.
-- sorted: -when = entry
-- sorted: by = by, entry
-- sorted: subject = subject, entry
SELECT entry, at, by, request, subject, before, after FROM audit
WHERE ($1 = '' OR by = $1) AND at >= $2 AND at < $3 AND ($4 = '' OR substr(subject, 1, length($4)) = $4);

-- name: audit_of
-- The same of one subject ($4).
-- sorted: -when = entry
-- sorted: by = by, entry
-- sorted: subject = subject, entry
SELECT entry, at, by, request, subject, before, after FROM audit
WHERE ($1 = '' OR by = $1) AND at >= $2 AND at < $3 AND subject = $4;
