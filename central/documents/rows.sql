-- name: load_prints_of
-- Every print of these documents.
SELECT print_id, document, order_id, state, copy, station, reason, asked_by, asked_at, settled_at, printer, trouble
FROM prints WHERE document IN @each($1);

-- name: load_prints
-- Prints by their names.
SELECT print_id, document, order_id, state, copy, station, reason, asked_by, asked_at, settled_at, printer, trouble
FROM prints WHERE print_id IN @each($1);

-- name: write_prints
-- New prints, and what became of them.
INSERT INTO prints (print_id, document, order_id, state, copy, station, reason, asked_by, asked_at, settled_at, printer,
    trouble)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (print_id) DO UPDATE SET state = excluded.state, settled_at = excluded.settled_at,
    printer = excluded.printer, trouble = excluded.trouble;

-- name: load_mails_of
-- Every mail of these documents.
SELECT mail_id, document, order_id, address, language, state, asked_by, asked_at, due_at, attempts, trouble, settled_at
FROM mails WHERE document IN @each($1);

-- name: load_mails
-- Mails by their names.
SELECT mail_id, document, order_id, address, language, state, asked_by, asked_at, due_at, attempts, trouble, settled_at
FROM mails WHERE mail_id IN @each($1);

-- name: write_mails
-- New mails, and how their attempts ended.
INSERT INTO mails (mail_id, document, order_id, address, language, state, asked_by, asked_at, due_at, attempts, trouble,
    settled_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (mail_id) DO UPDATE SET state = excluded.state, due_at = excluded.due_at, attempts = excluded.attempts,
    trouble = excluded.trouble, settled_at = excluded.settled_at;
