-- name: open_problems
-- What waits for a person, newest first: by kind ($3), and by order, parcel or product ($4). $1 is where the page
-- before ended.
SELECT problem, kind, text, at, station, badge, order_id, sscc, sku, closed_at, closed_by
FROM problems
WHERE closed_at IS NULL AND problem < $1 AND ($3 = '' OR kind = $3)
    AND ($4 = '' OR order_id = $4 OR sscc = $4 OR sku = $4)
ORDER BY problem DESC LIMIT $2;

-- name: open_of_kind
-- What was said in the open problems of a kind.
SELECT text FROM problems WHERE closed_at IS NULL AND kind = $1;

-- name: all_problems
-- Open or dealt with, newest first; the places are those of `open_problems`.
SELECT problem, kind, text, at, station, badge, order_id, sscc, sku, closed_at, closed_by
FROM problems
WHERE problem < $1 AND ($3 = '' OR kind = $3) AND ($4 = '' OR order_id = $4 OR sscc = $4 OR sku = $4)
ORDER BY problem DESC LIMIT $2;

-- name: problem
-- One problem.
SELECT problem, kind, text, at, station, badge, order_id, sscc, sku, closed_at, closed_by
FROM problems WHERE problem = $1;

-- name: problems_of
-- Everything that was ever wrong with an order.
SELECT problem, kind, text, at, station, badge, order_id, sscc, sku, closed_at, closed_by
FROM problems WHERE order_id = $1 AND order_id <> '' ORDER BY problem;

-- name: count_kinds
-- How many of each kind wait for a person.
SELECT kind, count(*) AS problems FROM problems WHERE closed_at IS NULL GROUP BY kind ORDER BY problems DESC, kind;

-- name: count_problems
-- How many wait for a person.
SELECT count(*) AS problems FROM problems WHERE closed_at IS NULL;
