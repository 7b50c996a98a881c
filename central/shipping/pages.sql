-- name: listed
-- Parcels: by status, and those that are held ($2 is 1).
-- sorted: -closed = closed_at, -sscc
-- sorted: sscc = sscc
SELECT sscc, job_id, number, status, orders, station, badge, box, grams, closed_at, booked_at, carrier,
    tracking_number, held, status_at
FROM parcels
WHERE ($1 = '' OR status = $1) AND ($2 = 0 OR held <> '');

-- name: search
-- Parcels with a text ($3: SSCC, tracking number, order, lot or serial number in them): each looked up by its index.
-- The other places and the orders are those of `listed`.
-- sorted: -closed = closed_at, -sscc
-- sorted: sscc = sscc
SELECT sscc, job_id, number, status, orders, station, badge, box, grams, closed_at, booked_at, carrier,
    tracking_number, held, status_at
FROM parcels
WHERE sscc IN (
        SELECT sscc FROM parcels WHERE sscc = $3
        UNION SELECT sscc FROM parcels WHERE tracking_number = $3 AND tracking_number <> sscc AND tracking_number <> ''
        UNION SELECT sscc FROM parcel_lines WHERE order_id = $3
        UNION SELECT sscc FROM traces WHERE lot = $3 AND lot <> ''
        UNION SELECT sscc FROM traces WHERE serial = $3 AND serial <> '')
    AND ($1 = '' OR status = $1) AND ($2 = 0 OR held <> '');

-- name: of_order
-- An order's parcels, in the order they were packed.
SELECT sscc, job_id, number, status, orders, contents, station, badge, box, grams, weighing, overrides, opened_at,
    closed_at, booked_at, carrier, tracking_number, token, held, events, materials, photo, status_at
FROM parcels WHERE sscc IN (SELECT sscc FROM parcel_lines WHERE order_id = $1) ORDER BY closed_at, sscc;

-- name: one
-- One parcel with all that is known of it.
SELECT sscc, job_id, number, status, orders, contents, station, badge, box, grams, weighing, overrides, opened_at,
    closed_at, booked_at, carrier, tracking_number, token, held, events, materials, photo
FROM parcels WHERE sscc = $1;

-- name: by_token
-- The parcel behind a customer's tracking link.
SELECT sscc, job_id, number, status, orders, contents, station, badge, box, grams, weighing, overrides, opened_at,
    closed_at, booked_at, carrier, tracking_number, token, held, events, materials, photo
FROM parcels WHERE token = $1;

-- name: version
-- Grows with everything that happens to a parcel.
SELECT (SELECT count(*) FROM tracking_events WHERE sscc = $1)
    + (SELECT count(*) FROM timeline WHERE subject = 'parcel/' || $1) AS version;

-- name: version_by_token
-- Grows with every event of the parcel behind a customer's link.
SELECT count(*) AS version FROM tracking_events WHERE sscc = (SELECT sscc FROM parcels WHERE token = $1);

-- name: by_hour
-- How many parcels were closed in each hour from $1 to $2; hours since the epoch.
SELECT closed_at / 3600000 AS hour, count(*) AS parcels FROM parcels
WHERE closed_at >= $1 AND closed_at <= $2 AND status <> 'voided' GROUP BY closed_at / 3600000;

-- name: label_of
-- What is known of a parcel's label from its carrier, without the file.
SELECT carrier, tracking_number, form, dpi, sha256, size, kept_by, kept_at FROM carrier_labels WHERE sscc = $1;

-- name: label_file
-- The file of a parcel's label from its carrier.
SELECT form, file FROM carrier_labels WHERE sscc = $1;

-- name: labelled
-- Which of these parcels have a label from their carrier.
SELECT sscc FROM carrier_labels WHERE sscc IN @each($1);
