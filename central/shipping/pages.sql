-- name: newest
-- Parcels, newest first: by status, and those that are held ($2 is 1). $3 and $4 are where the page before ended.
SELECT sscc, job_id, number, status, orders, station, badge, box, grams, closed_at, booked_at, carrier,
    tracking_number, held
FROM parcels
WHERE ($1 = '' OR status = $1) AND ($2 = 0 OR held <> '')
    AND closed_at <= $3 AND (closed_at < $3 OR sscc > $4)
ORDER BY closed_at DESC, sscc LIMIT $5;

-- name: search
-- Parcels with a text (SSCC, tracking number, order, lot or serial number in them), newest first: each looked up by
-- its index. The other places are those of `newest`.
SELECT sscc, job_id, number, status, orders, station, badge, box, grams, closed_at, booked_at, carrier,
    tracking_number, held
FROM parcels
WHERE sscc IN (
        SELECT sscc FROM parcels WHERE sscc = $6
        UNION SELECT sscc FROM parcels WHERE tracking_number = $6 AND tracking_number <> sscc AND tracking_number <> ''
        UNION SELECT sscc FROM parcel_lines WHERE order_id = $6
        UNION SELECT sscc FROM traces WHERE lot = $6 AND lot <> ''
        UNION SELECT sscc FROM traces WHERE serial = $6 AND serial <> '')
    AND ($1 = '' OR status = $1) AND ($2 = 0 OR held <> '')
    AND closed_at <= $3 AND (closed_at < $3 OR sscc > $4)
ORDER BY closed_at DESC, sscc LIMIT $5;

-- name: of_order
-- An order's parcels, in the order they were packed.
SELECT sscc, job_id, number, status, orders, contents, station, badge, box, grams, weighing, overrides, opened_at,
    closed_at, booked_at, carrier, tracking_number, token, held, events, materials, photo
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

-- name: exported
-- Parcels with what is known of their way, newest first; after the place ($1, $2), by status ($4) and text ($5) as in
-- `search`.
SELECT sscc, orders, carrier, tracking_number, status, status_at, closed_at
FROM parcels
WHERE closed_at <= $1 AND (closed_at < $1 OR sscc > $2) AND ($4 = '' OR status = $4)
    AND ($5 = '' OR sscc IN (
        SELECT sscc FROM parcels WHERE sscc = $5
        UNION SELECT sscc FROM parcels WHERE tracking_number = $5 AND tracking_number <> sscc AND tracking_number <> ''
        UNION SELECT sscc FROM parcel_lines WHERE order_id = $5
        UNION SELECT sscc FROM traces WHERE lot = $5 AND lot <> ''
        UNION SELECT sscc FROM traces WHERE serial = $5 AND serial <> ''))
ORDER BY closed_at DESC, sscc LIMIT $3;

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
