-- Papers of the office on benches' printers: one row for each, before it is sent.
CREATE TABLE prints (
    print_id text PRIMARY KEY,
    document text NOT NULL,
    order_id text NOT NULL,
    state text NOT NULL,
    copy bigint NOT NULL,
    station text NOT NULL,
    reason text NOT NULL,
    asked_by text NOT NULL,
    asked_at bigint NOT NULL,
    settled_at bigint,
    printer text NOT NULL,
    trouble text NOT NULL
) @clustered;
CREATE INDEX prints_document ON prints (document);
CREATE INDEX prints_order ON prints (order_id);
CREATE INDEX prints_asked ON prints (asked_at);

-- Papers by mail: one row for each, before the first attempt.
CREATE TABLE mails (
    mail_id text PRIMARY KEY,
    document text NOT NULL,
    order_id text NOT NULL,
    address text NOT NULL,
    language text NOT NULL,
    state text NOT NULL,
    asked_by text NOT NULL,
    asked_at bigint NOT NULL,
    due_at bigint NOT NULL,
    attempts bigint NOT NULL,
    trouble text NOT NULL,
    settled_at bigint
) @clustered;
CREATE INDEX mails_document ON mails (document);
CREATE INDEX mails_order ON mails (order_id);
CREATE INDEX mails_asked ON mails (asked_at);
CREATE INDEX mails_due ON mails (due_at) WHERE state = 'waiting';
