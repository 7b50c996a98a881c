-- name: open_problems
-- What waits for a person: by kind ($1), and by order, parcel or product ($2). What was told last comes first, however
-- long ago it happened.
-- sorted: -told = problem
-- sorted: when = at, problem
-- sorted: kind = kind, problem
-- sorted: station = station, problem
SELECT problem, kind, text, at, station, badge, order_id, sscc, sku, closed_at, closed_by
FROM problems
WHERE closed_at IS NULL AND ($1 = '' OR kind = $1) AND ($2 = '' OR order_id = $2 OR sscc = $2 OR sku = $2);

-- name: open_of_kind
-- What was said in the open problems of a kind.
SELECT text FROM problems WHERE closed_at IS NULL AND kind = $1;

-- name: all_problems
-- Open or dealt with; the places and the orders are those of `open_problems`.
-- sorted: -told = problem
-- sorted: when = at, problem
-- sorted: kind = kind, problem
-- sorted: station = station, problem
SELECT problem, kind, text, at, station, badge, order_id, sscc, sku, closed_at, closed_by
FROM problems
WHERE ($1 = '' OR kind = $1) AND ($2 = '' OR order_id = $2 OR sscc = $2 OR sku = $2);

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
