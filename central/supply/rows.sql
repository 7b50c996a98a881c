-- name: load_suppliers
-- Suppliers by code.
SELECT code, name, email, phone, lead_days FROM suppliers WHERE code IN @each($1);

-- name: write_suppliers
-- New and changed suppliers.
INSERT INTO suppliers (code, name, email, phone, lead_days) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, email = excluded.email, phone = excluded.phone,
    lead_days = excluded.lead_days;

-- name: load_deliveries
-- Deliveries by number.
SELECT number, supplier, warehouse, expected_at, note, status, created_at, changed_at, created_by
FROM deliveries WHERE number IN @each($1);

-- name: load_delivery_lines
-- Their lines, in their order.
SELECT delivery, line, sku, expected, received FROM delivery_lines WHERE delivery IN @each($1) ORDER BY delivery, line;

-- name: write_deliveries
-- New deliveries, and where they stand.
INSERT INTO deliveries (number, supplier, warehouse, expected_at, note, status, created_at, changed_at, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (number) DO UPDATE SET supplier = excluded.supplier, warehouse = excluded.warehouse,
    expected_at = excluded.expected_at, note = excluded.note, status = excluded.status,
    changed_at = excluded.changed_at;

-- name: write_delivery_lines
-- New lines, and what came of them.
INSERT INTO delivery_lines (delivery, line, sku, expected, received) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (delivery, line) DO UPDATE SET sku = excluded.sku, expected = excluded.expected,
    received = excluded.received;

-- name: audit_deliveries
-- Every delivery's product whose received pieces are not the sum of the movements that name the delivery.
SELECT delivery, sku, sum(received) AS received, sum(moved) AS moved
FROM (
    SELECT delivery, sku, received, 0 AS moved FROM delivery_lines
    UNION ALL
    SELECT deliveries.number, movements.sku, 0, movements.quantity
    FROM deliveries JOIN movements ON movements.reference = 'delivery/' || deliveries.number
    WHERE movements.reason = 'received'
) AS compared
GROUP BY delivery, sku HAVING sum(received) <> sum(moved)
ORDER BY delivery, sku;
