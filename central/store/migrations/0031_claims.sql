-- Stations' claims and their certificates.

CREATE TABLE claims (
    claim text PRIMARY KEY,
    station text NOT NULL,
    request text NOT NULL,
    proof text NOT NULL,
    fingerprint text NOT NULL,
    address text NOT NULL,
    offered_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    state text NOT NULL,
    wrong bigint NOT NULL,
    certificate text NOT NULL,
    answer text NOT NULL
) @clustered;
CREATE INDEX claims_waiting ON claims (ends_at) WHERE state = 'waiting';

CREATE TABLE certificates (
    serial text PRIMARY KEY,
    station text NOT NULL,
    issued_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    issued_by text NOT NULL,
    revoked_at bigint,
    revoked_by text NOT NULL,
    cut_at bigint
) @clustered;
CREATE INDEX certificates_of ON certificates (station);
