-- Requests under a key of their own and what they were answered, for two days.
CREATE TABLE requests (
    name text PRIMARY KEY,
    digest text NOT NULL,
    answer text NOT NULL,
    at bigint NOT NULL
) @clustered;
CREATE INDEX requests_at ON requests (at);
DELETE FROM received WHERE message_id LIKE 'rest/%';
