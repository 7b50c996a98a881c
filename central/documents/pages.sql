-- name: prints_of_order
-- What was printed of an order, the newest first.
SELECT print_id, document, order_id, state, copy, station, reason, asked_by, asked_at, settled_at, printer, trouble
FROM prints WHERE order_id = $1 ORDER BY asked_at DESC, copy DESC;

-- name: mails_of_order
-- What was mailed of an order, the newest first.
SELECT mail_id, document, order_id, address, language, state, asked_by, asked_at, due_at, attempts, trouble, settled_at
FROM mails WHERE order_id = $1 ORDER BY asked_at DESC;

-- name: search_prints
-- Prints, newest first: of an order or document ($1), in a state, at a station. $4 and $5 are where the page before ended.
SELECT print_id, document, order_id, state, copy, station, reason, asked_by, asked_at, settled_at, printer, trouble
FROM prints
WHERE ($1 = '' OR order_id = $1 OR document = $1) AND ($2 = '' OR state = $2) AND ($3 = '' OR station = $3)
    AND (asked_at < $4 OR (asked_at = $4 AND print_id > $5))
ORDER BY asked_at DESC, print_id LIMIT $6;

-- name: print
-- One print.
SELECT print_id, document, order_id, state, copy, station, reason, asked_by, asked_at, settled_at, printer, trouble
FROM prints WHERE print_id = $1;

-- name: search_mails
-- Mails, newest first: of an order, document or address ($1), in a state. $3 and $4 are where the page before ended.
SELECT mail_id, document, order_id, address, language, state, asked_by, asked_at, due_at, attempts, trouble, settled_at
FROM mails
WHERE ($1 = '' OR order_id = $1 OR document = $1 OR address = $1) AND ($2 = '' OR state = $2)
    AND (asked_at < $3 OR (asked_at = $3 AND mail_id > $4))
ORDER BY asked_at DESC, mail_id LIMIT $5;

-- name: due_mails
-- Mails whose next attempt is due, the longest waiting first.
SELECT mail_id, document FROM mails WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at, mail_id LIMIT 20;
