-- name: load_parcels
-- Parcels by SSCC.
SELECT sscc, job_id, number, status, status_at, orders, contents, station, badge, box, grams, weighing, overrides,
    opened_at, closed_at, booked_at, carrier, tracking_number, token, held, shipped_at, delivered_at, returned_at, events,
    materials, warehouse, photo
FROM parcels WHERE sscc IN @each($1);

-- name: write_parcels
-- New parcels, and where they stand; what was packed changes only for a label that was voided before its parcel came.
INSERT INTO parcels (sscc, job_id, number, status, status_at, orders, contents, station, badge, box, grams, weighing,
    overrides, opened_at, closed_at, booked_at, carrier, tracking_number, token, held, shipped_at, delivered_at,
    returned_at, events, materials, warehouse, photo)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
    $26, $27)
ON CONFLICT (sscc) DO UPDATE SET status = excluded.status, status_at = excluded.status_at, number = excluded.number,
    orders = excluded.orders, contents = excluded.contents, box = excluded.box, grams = excluded.grams,
    weighing = excluded.weighing, overrides = excluded.overrides, opened_at = excluded.opened_at,
    closed_at = excluded.closed_at, carrier = excluded.carrier, tracking_number = excluded.tracking_number,
    held = excluded.held, shipped_at = excluded.shipped_at, delivered_at = excluded.delivered_at,
    returned_at = excluded.returned_at, events = excluded.events, materials = excluded.materials,
    warehouse = excluded.warehouse, photo = excluded.photo;

-- name: load_parcel_lines
-- What is in parcels, by their orders and SSCCs.
SELECT order_id, line, sscc, sku, quantity, counted
FROM parcel_lines WHERE order_id IN @each($1) AND sscc IN @each($2);

-- name: write_parcel_lines
-- Pieces in parcels, and how many their order line counts.
INSERT INTO parcel_lines (order_id, line, sscc, sku, quantity, counted) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (order_id, line, sscc, sku) DO UPDATE SET quantity = excluded.quantity, counted = excluded.counted;

-- name: load_parcel_lines_of_orders
-- What was packed of orders so far.
SELECT order_id, line, sscc, sku, quantity, counted FROM parcel_lines WHERE order_id IN @each($1);

-- name: load_carrier_labels
-- Carriers' labels of parcels, with their files.
SELECT sscc, carrier, tracking_number, form, dpi, codes, sha256, size, file, kept_by, kept_at
FROM carrier_labels WHERE sscc IN @each($1);

-- name: write_carrier_labels
-- A carrier's label; another file takes the place of the one before.
INSERT INTO carrier_labels (sscc, carrier, tracking_number, form, dpi, codes, sha256, size, file, kept_by, kept_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (sscc) DO UPDATE SET carrier = excluded.carrier, tracking_number = excluded.tracking_number,
    form = excluded.form, dpi = excluded.dpi, codes = excluded.codes, sha256 = excluded.sha256, size = excluded.size,
    file = excluded.file, kept_by = excluded.kept_by, kept_at = excluded.kept_at;

-- name: newest_ranges
-- The range with the highest serial under each prefix.
SELECT prefix, first, last, station, message_id, leased_at, of_day FROM sscc_ranges AS newest
WHERE prefix IN @each($1)
    AND first = (SELECT max(first) FROM sscc_ranges WHERE sscc_ranges.prefix = newest.prefix);

-- name: newest_ranges_of_day
-- Under each prefix the range that was leased last on a day (UTC, counted from 1970).
SELECT prefix, first, last, station, message_id, leased_at, of_day FROM sscc_ranges AS newest
WHERE prefix IN @each($1)
    AND first = (
        SELECT max(first) FROM sscc_ranges
        WHERE sscc_ranges.prefix = newest.prefix AND of_day > 0
            AND leased_at >= $2 * 86400000 AND leased_at < ($2 + 1) * 86400000
    );

-- name: prefixes
-- Under which serials were ever leased.
SELECT DISTINCT prefix FROM sscc_ranges;

-- name: ranges_of_asks
-- What repeated asks got the first time.
SELECT prefix, first, last, station, message_id, leased_at, of_day FROM sscc_ranges WHERE message_id IN @each($1);

-- name: write_ranges
-- Serials are given once.
INSERT INTO sscc_ranges (prefix, first, last, station, message_id, leased_at, of_day) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: parcels_of_orders
-- SSCCs of all parcels that orders are in.
SELECT DISTINCT sscc FROM parcel_lines WHERE order_id IN @each($1);

-- name: parcels_with
-- Parcels that are still here and hold pieces of these products.
SELECT DISTINCT parcel_lines.sscc
FROM orders
JOIN parcel_lines ON parcel_lines.order_id = orders.order_id
JOIN parcels ON parcels.sscc = parcel_lines.sscc
WHERE orders.status IN ('held', 'awaiting_payment', 'back_ordered', 'at_supplier', 'open', 'partly_packed', 'packed', 'partly_shipped')
    AND parcel_lines.sku IN @each($1) AND parcels.shipped_at IS NULL AND parcels.status <> 'voided';

-- name: load_traces
-- Where single pieces went before, by product and serial number; a parcel that was taken apart or came back freed its own.
SELECT traces.sscc, traces.order_id, traces.line, traces.number, traces.sku, traces.quantity, traces.lot, traces.serial,
    traces.expiry
FROM @each($1) AS given
JOIN traces ON traces.item = given.value AND traces.item <> ''
JOIN parcels ON parcels.sscc = traces.sscc AND parcels.status <> 'voided' AND parcels.returned_at IS NULL;

-- name: write_traces
-- What is in parcels, piece by piece or lot by lot.
INSERT INTO traces (sscc, order_id, line, number, sku, quantity, lot, serial, expiry, item)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, CASE WHEN $8 = '' THEN '' ELSE $5 || char(10) || $8 END)
ON CONFLICT (sscc, order_id, line, number) DO NOTHING;
