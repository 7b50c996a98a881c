-- Who works here, who is signed in, which programs may come in, and who did what.

CREATE TABLE accounts (
    account text PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    role text NOT NULL,
    badge text NOT NULL,
    language text NOT NULL,
    active bigint NOT NULL,
    password text NOT NULL,
    must_change bigint NOT NULL,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL
) @clustered;
CREATE UNIQUE INDEX accounts_badge ON accounts (lower(badge)) WHERE badge <> '';

CREATE TABLE sessions (
    session text PRIMARY KEY,
    account text NOT NULL,
    started_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    browser text NOT NULL
) @clustered;
CREATE INDEX sessions_of ON sessions (account);

CREATE TABLE tokens (
    token text PRIMARY KEY,
    sha256 text NOT NULL UNIQUE,
    scopes text NOT NULL,
    created_by text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    revoked_at bigint,
    used_at bigint NOT NULL
) @clustered;

CREATE TABLE attempts (
    attempted text PRIMARY KEY,
    count bigint NOT NULL,
    last_at bigint NOT NULL
) @clustered;

CREATE TABLE audit (
    entry @serial,
    at bigint NOT NULL,
    by text NOT NULL,
    request text NOT NULL,
    subject text NOT NULL,
    before text NOT NULL,
    after text NOT NULL
);
CREATE INDEX audit_of ON audit (subject, entry);
CREATE INDEX audit_by ON audit (by, entry);
