-- name: prints_of_order
-- What was printed of an order, the newest first.
SELECT print_id, document, order_id, state, copy, station, reason, asked_by, asked_at, settled_at, printer, trouble
FROM prints WHERE order_id = $1 ORDER BY asked_at DESC, copy DESC;

-- name: mails_of_order
-- What was mailed of an order, the newest first.
SELECT mail_id, document, order_id, address, language, state, asked_by, asked_at, due_at, attempts, trouble, settled_at
FROM mails WHERE order_id = $1 ORDER BY asked_at DESC;

-- name: search_prints
-- Prints: of an order or document ($1), in a state, at a station.
-- sorted: -when = asked_at, print_id
-- sorted: order = order_id, print_id
SELECT print_id, document, order_id, state, copy, station, reason, asked_by, asked_at, settled_at, printer, trouble
FROM prints
WHERE ($1 = '' OR order_id = $1 OR document = $1) AND ($2 = '' OR state = $2) AND ($3 = '' OR station = $3);

-- name: on_their_way
-- Prints of which a station has told nothing, the oldest first.
SELECT print_id, document FROM prints WHERE station = $1 AND state = 'sent' ORDER BY asked_at, print_id;

-- name: print
-- One print.
SELECT print_id, document, order_id, state, copy, station, reason, asked_by, asked_at, settled_at, printer, trouble
FROM prints WHERE print_id = $1;

-- name: search_mails
-- Mails: of an order, document or address ($1), in a state.
-- sorted: -when = asked_at, mail_id
-- sorted: order = order_id, mail_id
SELECT mail_id, document, order_id, address, language, state, asked_by, asked_at, due_at, attempts, trouble, settled_at
FROM mails
WHERE ($1 = '' OR order_id = $1 OR document = $1 OR address = $1) AND ($2 = '' OR state = $2);

-- name: due_mails
-- Mails whose next attempt is due, the longest waiting first.
SELECT mail_id, document FROM mails WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at, mail_id LIMIT 20;
