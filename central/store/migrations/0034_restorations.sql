-- When a copy took the place of the database, and of which moment it was.
CREATE TABLE restorations (
    restored_at bigint PRIMARY KEY,
    taken_at bigint NOT NULL,
    copy text NOT NULL,
    by text NOT NULL
) @clustered;
