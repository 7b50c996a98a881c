-- name: lots
-- Lots of which something is left or that are stopped: by text ($1, $2: SKU, name, lot), and `expiring` until a day ($4)
-- or `stopped` ($3). What expires first comes first.
-- sorted: expiry = coalesce(nullif(expiry, ''), '9999'), sku, lot
-- sorted: lot = lot, sku
-- sorted: product = @folded(name), sku, lot
-- sorted: shelf = quantity, sku, lot
SELECT lots.sku, coalesce(products.name, lots.sku) AS name, lots.lot, lots.expiry, lots.stopped,
    coalesce(sum(holdings.quantity), 0) AS quantity
FROM lots
LEFT JOIN holdings ON holdings.sku = lots.sku AND holdings.lot = lots.lot AND holdings.quantity <> 0
LEFT JOIN products ON products.sku = lots.sku
WHERE ($1 = '' OR lower(lots.sku) LIKE $2 ESCAPE '\' OR lower(products.name) LIKE $2 ESCAPE '\'
        OR lower(lots.lot) LIKE $2 ESCAPE '\')
    AND ($3 <> 'stopped' OR lots.stopped <> '')
    AND ($3 <> 'expiring' OR (lots.expiry <> '' AND lots.expiry <= $4))
GROUP BY lots.sku, products.name, lots.lot, lots.expiry, lots.stopped
HAVING coalesce(sum(holdings.quantity), 0) <> 0 OR lots.stopped <> '';

-- name: recalled_lots
-- What is known of the lots of this name ($1), of one product if $2 is not empty.
SELECT lots.sku, coalesce(products.name, lots.sku) AS name, lots.lot, lots.expiry, lots.stopped,
    (SELECT coalesce(sum(quantity), 0) FROM holdings
        WHERE holdings.sku = lots.sku AND holdings.lot = lots.lot) AS quantity
FROM lots LEFT JOIN products ON products.sku = lots.sku
WHERE lots.lot = $1 AND ($2 = '' OR lots.sku = $2) ORDER BY lots.sku;

-- name: recalled_receipts
-- Whence its pieces came.
SELECT movements.sku, movements.quantity, movements.warehouse, movements.target_bin AS bin, movements.reason,
    movements.reference, coalesce(deliveries.supplier, '') AS supplier, movements.serial, movements.by, movements.at
FROM movements LEFT JOIN deliveries ON movements.reference = 'delivery/' || deliveries.number
WHERE movements.lot = $1 AND ($2 = '' OR movements.sku = $2) AND movements.source = ''
    AND movements.reason <> 'transferred'
ORDER BY movements.movement;

-- name: recalled_left
-- Where pieces of it lie.
SELECT holdings.sku, holdings.warehouse, holdings.bin, holdings.quantity
FROM holdings JOIN lots ON lots.sku = holdings.sku AND lots.lot = holdings.lot
WHERE lots.lot = $1 AND ($2 = '' OR holdings.sku = $2) AND holdings.quantity <> 0
ORDER BY holdings.sku, holdings.warehouse, holdings.bin;

-- name: recalled_told
-- Pieces of it in parcels, as packers told it.
SELECT sscc, order_id, sku, sum(quantity) AS quantity FROM traces
WHERE lot = $1 AND ($2 = '' OR sku = $2) GROUP BY sscc, order_id, sku ORDER BY sscc, order_id, sku;

-- name: recalled_booked
-- Pieces of it in parcels, as the books took them from the shelf.
SELECT reference AS sscc, sku, sum(quantity) AS quantity FROM movements
WHERE lot = $1 AND ($2 = '' OR sku = $2) AND reason = 'packed' GROUP BY reference, sku ORDER BY reference, sku;

-- name: recalled_parcels
-- Parcels by SSCC, and where they are.
SELECT sscc, orders, status, shipped_at, tracking_number FROM parcels WHERE sscc IN @each($1);

-- name: consignees
-- Whom to tell.
SELECT order_id, name, email, phone FROM orders WHERE order_id IN @each($1);

-- name: serial_receipts
-- Whence the piece with a serial number came.
SELECT movements.sku, movements.quantity, movements.warehouse, movements.target_bin AS bin, movements.reason,
    movements.reference, coalesce(deliveries.supplier, '') AS supplier, movements.serial, movements.by, movements.at
FROM movements LEFT JOIN deliveries ON movements.reference = 'delivery/' || deliveries.number
WHERE movements.serial = $1 AND movements.source = '' ORDER BY movements.movement;

-- name: serial_told
-- The parcels that it was packed into.
SELECT sscc, order_id, sku, sum(quantity) AS quantity, max(lot) AS lot FROM traces
WHERE serial = $1 GROUP BY sscc, order_id, sku ORDER BY sscc, order_id, sku;
