-- name: of_term
-- Orders with a word from $1 up to $2, at most $3 of them.
SELECT DISTINCT placed_at, order_id FROM order_terms WHERE term >= $1 AND term < $2 LIMIT $3;

-- name: of_tracking
-- The orders in the parcel with one of these two numbers (a tracking number or an SSCC).
SELECT orders.placed_at, orders.order_id FROM parcels CROSS JOIN orders
WHERE parcels.sscc = $1 AND orders.order_id IN @each(parcels.orders)
UNION
SELECT orders.placed_at, orders.order_id FROM parcels CROSS JOIN orders
WHERE orders.order_id IN @each(parcels.orders) AND parcels.tracking_number IN ($1, $2) AND parcels.tracking_number <> parcels.sscc AND parcels.tracking_number <> '';

-- name: among
-- Which of the orders $6 fit: status, payment, door, carrier, words.
SELECT found.placed_at, found.order_id FROM orders AS found
WHERE found.order_id IN @each($6)
    AND ($1 = '' OR found.status = $1) AND ($2 = '' OR found.payment = $2) AND ($3 = '' OR found.source = $3)
    AND ($4 = '' OR EXISTS (SELECT 1 FROM parcel_lines JOIN parcels ON parcels.sscc = parcel_lines.sscc
        WHERE parcel_lines.order_id = found.order_id AND parcels.carrier = $4))
    AND ($5 = '' OR found.found_by LIKE $5 ESCAPE '\');

-- name: in_order
-- All orders. What they may be sorted by has its index: a million of them are never sorted.
-- sorted: -placed = placed_at, -order_id
-- sorted: order = order_id
SELECT placed_at, order_id FROM orders;

-- name: of_status
-- Orders of a status ($1) placed from $2 to before $3, at most $4 of them.
SELECT placed_at, order_id FROM orders WHERE status = $1 AND placed_at >= $2 AND placed_at < $3 LIMIT $4;

-- name: of_unpaid
-- Orders that are not paid and of this state ($1), placed from $2 to before $3, at most $4 of them.
SELECT placed_at, order_id FROM orders
WHERE payment <> 'paid' AND payment = $1 AND placed_at >= $2 AND placed_at < $3 LIMIT $4;

-- name: of_time
-- Orders placed from $1 to before $2, at most $3 of them.
SELECT placed_at, order_id FROM orders WHERE placed_at >= $1 AND placed_at < $2 LIMIT $3;

-- name: step_placed
-- Where a walk ends: $5 orders after the place ($3, $4), placed from $1 to $2.
SELECT placed_at, order_id FROM orders
WHERE placed_at >= $1 AND placed_at <= $2 AND (placed_at < $3 OR order_id > $4)
ORDER BY placed_at DESC, order_id LIMIT 1 OFFSET $5;

-- name: walk_placed
-- Orders, newest first, that fit $1 to $5; between the places ($8, $9) and ($10, $11), placed from $6 to $7.
SELECT found.placed_at, found.order_id FROM orders AS found
WHERE found.placed_at >= $6 AND found.placed_at <= $7 AND (found.placed_at < $8 OR found.order_id > $9)
    AND found.placed_at >= $10 AND (found.placed_at > $10 OR found.order_id <= $11)
    AND ($1 = '' OR found.status = $1) AND ($2 = '' OR found.payment = $2) AND ($3 = '' OR found.source = $3)
    AND ($4 = '' OR EXISTS (SELECT 1 FROM parcel_lines JOIN parcels ON parcels.sscc = parcel_lines.sscc
        WHERE parcel_lines.order_id = found.order_id AND parcels.carrier = $4))
    AND ($5 = '' OR found.found_by LIKE $5 ESCAPE '\')
ORDER BY found.placed_at DESC, found.order_id LIMIT $12;

-- name: step_status
-- Where a walk over orders of one status ends: $5 orders after the place ($3, $4), placed from $1 to $2.
SELECT placed_at, order_id FROM orders
WHERE placed_at >= $1 AND placed_at <= $2 AND (placed_at < $3 OR order_id > $4) AND status = $6
ORDER BY placed_at DESC, order_id LIMIT 1 OFFSET $5;

-- name: walk_status
-- Orders of one status, newest first, that fit $1 to $5; between the places ($8, $9) and ($10, $11), placed from $6 to $7.
SELECT found.placed_at, found.order_id FROM orders AS found
WHERE found.placed_at >= $6 AND found.placed_at <= $7 AND (found.placed_at < $8 OR found.order_id > $9)
    AND found.placed_at >= $10 AND (found.placed_at > $10 OR found.order_id <= $11) AND found.status = $1
    AND ($1 = '' OR found.status = $1) AND ($2 = '' OR found.payment = $2) AND ($3 = '' OR found.source = $3)
    AND ($4 = '' OR EXISTS (SELECT 1 FROM parcel_lines JOIN parcels ON parcels.sscc = parcel_lines.sscc
        WHERE parcel_lines.order_id = found.order_id AND parcels.carrier = $4))
    AND ($5 = '' OR found.found_by LIKE $5 ESCAPE '\')
ORDER BY found.placed_at DESC, found.order_id LIMIT $12;

-- name: step_unpaid
-- Where a walk over orders that are not paid ends: $5 orders after the place ($3, $4), placed from $1 to $2.
SELECT placed_at, order_id FROM orders
WHERE placed_at >= $1 AND placed_at <= $2 AND (placed_at < $3 OR order_id > $4) AND payment <> 'paid' AND payment = $6
ORDER BY placed_at DESC, order_id LIMIT 1 OFFSET $5;

-- name: walk_unpaid
-- Orders that are not paid, newest first, that fit $1 to $5; between the places ($8, $9) and ($10, $11), placed from $6 to $7.
SELECT found.placed_at, found.order_id FROM orders AS found
WHERE found.placed_at >= $6 AND found.placed_at <= $7 AND (found.placed_at < $8 OR found.order_id > $9)
    AND found.placed_at >= $10 AND (found.placed_at > $10 OR found.order_id <= $11) AND found.payment <> 'paid' AND found.payment = $2
    AND ($1 = '' OR found.status = $1) AND ($2 = '' OR found.payment = $2) AND ($3 = '' OR found.source = $3)
    AND ($4 = '' OR EXISTS (SELECT 1 FROM parcel_lines JOIN parcels ON parcels.sscc = parcel_lines.sscc
        WHERE parcel_lines.order_id = found.order_id AND parcels.carrier = $4))
    AND ($5 = '' OR found.found_by LIKE $5 ESCAPE '\')
ORDER BY found.placed_at DESC, found.order_id LIMIT $12;

-- name: listed
-- What a list shows of these orders.
SELECT found.order_id, found.placed_at, found.status, found.name, found.email, found.ship_to, found.payment,
    found.payment_method, found.currency, found.total, found.service, found.source, found.held, found.promised_at,
    found.changed_at, found.priority, found.version,
    (SELECT coalesce(sum(ordered - cancelled), 0) FROM order_lines WHERE order_lines.order_id = found.order_id) AS pieces,
    (SELECT coalesce(sum(packed), 0) FROM order_lines WHERE order_lines.order_id = found.order_id) AS packed,
    (SELECT coalesce(sum(shipped), 0) FROM order_lines WHERE order_lines.order_id = found.order_id) AS shipped
FROM orders AS found WHERE found.order_id IN @each($1);

-- name: count_open
-- How many orders there are in each status that is not the end of an order's life.
SELECT status, count(*) AS orders FROM orders
WHERE status IN ('held', 'awaiting_payment', 'back_ordered', 'at_supplier', 'open', 'partly_packed', 'packed', 'partly_shipped')
GROUP BY status;

-- name: count_by_status
-- How many orders there are in each status.
SELECT status, count(*) AS orders FROM orders GROUP BY status;

-- name: one
-- One order with all that is known of it.
SELECT order_id, placed_at, ship_to, status, name, email, phone, language, payment, payment_method, payment_reference,
    paid_amount, refunded_amount, currency, total, service, gift_note, notes, tote, pick_list, promised_at, source,
    held, cancelled, content, created_at, changed_at, version, warehouse, routed_by, priority,
    priority_reason, due_at, photo, merged_into, decided
FROM orders WHERE order_id = $1;

-- name: merged_with
-- The orders that are packed together, by the first of them.
SELECT order_id FROM orders WHERE merged_into = $1 AND merged_into <> '' ORDER BY placed_at, order_id;

-- name: mergeable
-- Orders that may be packed now, are at no station, and share their consignee's name with another.
SELECT order_id, ship_to, service, warehouse, merged_into FROM orders
WHERE status IN ('open', 'partly_packed')
    AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.job_id = orders.order_id AND jobs.state <> 'idle' AND jobs.until = 0)
    AND lower(name) IN (
        SELECT lower(name) FROM orders WHERE status IN ('open', 'partly_packed') GROUP BY lower(name) HAVING count(*) > 1)
ORDER BY lower(name), placed_at, order_id LIMIT 2000;

-- name: mergeable_of
-- The same for one name.
SELECT order_id, ship_to, service, warehouse, merged_into FROM orders
WHERE lower(name) = lower($1) AND status IN ('open', 'partly_packed')
    AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.job_id = orders.order_id AND jobs.state <> 'idle' AND jobs.until = 0)
ORDER BY placed_at, order_id LIMIT 200;

-- name: lines_of
-- Its lines with the products' own names.
SELECT order_lines.line, order_lines.sku, coalesce(products.name, order_lines.name) AS name, order_lines.ordered,
    order_lines.unit_price, order_lines.reserved, order_lines.packed, order_lines.shipped, order_lines.delivered,
    order_lines.returned, order_lines.cancelled, coalesce(products.picture, '') AS picture,
    order_lines.supplier, order_lines.supplier_ordered, order_lines.supplier_reference
FROM order_lines LEFT JOIN products ON products.sku = order_lines.sku
WHERE order_lines.order_id = $1 AND order_lines.ordered > 0 ORDER BY order_lines.line;

-- name: freed
-- Products that orders wait for and that may have come free, or of which more is promised than there is.
SELECT sku, times FROM freed ORDER BY sku LIMIT 100;

-- name: over_promised
-- Orders that are promised some of a product by a warehouse that has less than it promised, in the order in which they
-- give it back: the newest first, those at a bench last.
SELECT orders.order_id, orders.warehouse
FROM levels JOIN orders ON orders.warehouse = levels.warehouse
WHERE levels.sku = $1 AND levels.shelf < levels.reserved
    AND NOT EXISTS (SELECT 1 FROM products WHERE products.sku = levels.sku AND products.oversell <> 0)
    AND orders.order_id IN (
        SELECT order_id FROM order_lines WHERE sku = $1 AND reserved > 0 AND ordered > packed + cancelled)
ORDER BY EXISTS (SELECT 1 FROM jobs WHERE jobs.job_id = orders.order_id AND jobs.state = 'leased'),
    orders.placed_at DESC, orders.order_id DESC LIMIT $2;

-- name: lacking
-- Orders that lack stock of a product, the most urgent first. $2 to $5 are where the batch before ended.
SELECT DISTINCT orders.order_id, orders.priority, orders.due_at, orders.placed_at
FROM order_lines JOIN orders ON orders.order_id = order_lines.order_id
WHERE order_lines.sku = $1 AND order_lines.supplier = ''
    AND order_lines.reserved < order_lines.ordered - order_lines.cancelled - order_lines.packed
    AND orders.cancelled = 0
    AND (orders.priority < $2 OR (orders.priority = $2 AND (orders.due_at, orders.placed_at, orders.order_id) > ($3, $4, $5)))
ORDER BY orders.priority DESC, orders.due_at, orders.placed_at, orders.order_id LIMIT $6;

-- name: promised
-- Orders that are promised some of these products, in a warehouse.
SELECT DISTINCT orders.order_id
FROM order_lines JOIN orders ON orders.order_id = order_lines.order_id
WHERE order_lines.sku IN @each($1) AND order_lines.reserved > 0 AND orders.warehouse = $2
    AND order_lines.ordered > order_lines.packed + order_lines.cancelled
ORDER BY orders.order_id;

-- name: pending_of
-- Open orders of one product, the oldest first.
SELECT orders.order_id, orders.placed_at, orders.status, orders.name, sum(order_lines.ordered - order_lines.cancelled
    - order_lines.packed) AS to_pack, sum(order_lines.reserved) AS reserved
FROM order_lines JOIN orders ON orders.order_id = order_lines.order_id
WHERE order_lines.sku = $1 AND order_lines.ordered > order_lines.packed + order_lines.cancelled
    AND order_lines.supplier = ''
GROUP BY orders.order_id, orders.placed_at, orders.status, orders.name
ORDER BY orders.placed_at, orders.order_id LIMIT 100;

-- name: queue
-- What is still to be packed and due before $2, with the station that has it. $1: `ready`, `at_station`, `stopped`, or
-- empty for all. The most urgent comes first.
-- sorted: urgency = -priority, due_at, placed_at, order_id
-- sorted: order = order_id
-- sorted: status = status, order_id
-- sorted: due = due_at, order_id
-- sorted: consignee = @folded(name), order_id
-- sorted: service = service, order_id
-- sorted: pieces = pieces, order_id
-- sorted: station = station, order_id
-- sorted: placed = placed_at, order_id
SELECT orders.order_id, orders.placed_at, orders.status, orders.name, orders.ship_to, orders.payment, orders.service,
    orders.priority, orders.priority_reason, orders.due_at, orders.promised_at, orders.held,
    coalesce(jobs.station, '') AS station,
    (SELECT coalesce(sum(ordered - cancelled - packed), 0) FROM order_lines WHERE order_lines.order_id = orders.order_id) AS pieces,
    (SELECT coalesce(sum(reserved), 0) FROM order_lines WHERE order_lines.order_id = orders.order_id) AS reserved
FROM orders LEFT JOIN jobs ON jobs.job_id = orders.order_id AND jobs.state <> 'idle'
WHERE orders.status IN ('open', 'partly_packed', 'back_ordered', 'held', 'awaiting_payment', 'partly_shipped')
    AND (orders.status <> 'partly_shipped' OR EXISTS (
        SELECT 1 FROM order_lines WHERE order_lines.order_id = orders.order_id AND order_lines.supplier = ''
            AND order_lines.ordered > order_lines.cancelled + order_lines.packed))
    AND orders.due_at < $2
    AND ($1 = '' OR ($1 = 'at_station' AND jobs.until = 0)
        OR ($1 = 'ready' AND orders.ready_at IS NOT NULL AND coalesce(jobs.until, 1) > 0)
        OR ($1 = 'stopped' AND orders.ready_at IS NULL));

-- name: punctuality
-- How many orders of the queue should have been packed by now, and how many must be soon.
SELECT coalesce(sum(CASE WHEN due_at < $1 THEN 1 ELSE 0 END), 0) AS late,
    coalesce(sum(CASE WHEN due_at >= $1 THEN 1 ELSE 0 END), 0) AS at_risk
FROM orders
WHERE status IN ('open', 'partly_packed', 'back_ordered', 'held', 'awaiting_payment', 'partly_shipped') AND due_at < $2;

-- name: by_hour
-- How many orders were placed in each hour from $1 to $2; hours since the epoch.
SELECT placed_at / 3600000 AS hour, count(*) AS orders FROM orders
WHERE placed_at >= $1 AND placed_at <= $2 GROUP BY placed_at / 3600000;

-- name: cutoffs
-- The next moments by which orders of the queue must be packed, with the services they go with; $1: how many.
SELECT due_at, service, count(*) AS orders,
    sum(CASE WHEN ready_at IS NULL THEN 1 ELSE 0 END) AS stopped,
    (SELECT count(*) FROM jobs JOIN orders AS given ON given.order_id = jobs.job_id
        WHERE jobs.state <> 'idle' AND jobs.until = 0 AND given.due_at = orders.due_at AND given.service = orders.service) AS at_station
FROM orders
WHERE status IN ('open', 'partly_packed', 'back_ordered', 'held', 'awaiting_payment', 'partly_shipped') AND due_at < $2
GROUP BY due_at, service ORDER BY due_at, service LIMIT $1;

-- name: version
-- Grows with everything that happens to an order.
SELECT count(*) AS version FROM timeline WHERE subject = 'order/' || $1;
