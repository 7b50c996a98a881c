-- name: of_order
-- What came and went for one order, in order.
SELECT number, kind, amount, method, reference, slip, note, by, at
FROM payments WHERE order_id = $1 ORDER BY number;

-- name: unpaid_since
-- Orders of which nothing came, taken in before a moment, the oldest first. $2 and $3 are where the batch before ended.
SELECT order_id, pays_by, created_at FROM orders
WHERE payment = 'awaiting' AND cancelled = 0 AND created_at < $1
    AND (created_at > $2 OR (created_at = $2 AND order_id > $3))
ORDER BY created_at, order_id LIMIT 200;

-- name: waiting
-- Money that nobody knows whose it is, the newest first. $1 and $2 are where the page before ended.
SELECT key, kind, amount, currency, method, reference, label, named, at FROM incoming
WHERE state = 'open' AND (at < $1 OR (at = $1 AND key > $2)) ORDER BY at DESC, key LIMIT $3;

-- name: named
-- Money that waits, by its keys.
SELECT key, amount, currency, label FROM incoming WHERE state = 'open' AND key IN @each($1);

-- name: owing
-- Orders that money is awaited for, the newest first.
SELECT order_id, name, currency, total - paid_amount AS owed FROM orders
WHERE payment IN ('awaiting', 'partly_paid') AND cancelled = 0 ORDER BY placed_at DESC, order_id LIMIT 5000;

-- name: search
-- What came and went: of an order or with a reference ($1), one kind ($2).
-- sorted: -when = at, order_id, number
-- sorted: order = order_id, number
SELECT payments.order_id, payments.number, payments.kind, payments.amount, payments.method, payments.reference,
    payments.slip, payments.note, payments.by, payments.at, orders.currency
FROM payments JOIN orders ON orders.order_id = payments.order_id
WHERE ($1 = '' OR payments.order_id = $1 OR payments.reference = $1 OR payments.slip = $1)
    AND ($2 = '' OR payments.kind = $2);

-- name: search_between
-- The same from $3 to before $4.
-- sorted: -when = at, order_id, number
-- sorted: order = order_id, number
SELECT payments.order_id, payments.number, payments.kind, payments.amount, payments.method, payments.reference,
    payments.slip, payments.note, payments.by, payments.at, orders.currency
FROM payments JOIN orders ON orders.order_id = payments.order_id
WHERE ($1 = '' OR payments.order_id = $1 OR payments.reference = $1 OR payments.slip = $1)
    AND ($2 = '' OR payments.kind = $2) AND payments.at >= $3 AND payments.at < $4;
