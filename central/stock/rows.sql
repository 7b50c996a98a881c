-- name: load_products
-- Products by SKU.
SELECT sku, name, codes, mass_g, tolerance_g, length_mm, width_mm, height_mm, picture, policy, fragile, oversell,
    instruction, reorder_point, requires, supplier, safety_stock
FROM products WHERE sku IN @each($1);

-- name: write_products
-- New and changed products.
INSERT INTO products (sku, name, codes, mass_g, tolerance_g, length_mm, width_mm, height_mm, picture, policy, fragile,
    oversell, instruction, reorder_point, requires, supplier, safety_stock)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
ON CONFLICT (sku) DO UPDATE SET name = excluded.name, codes = excluded.codes, mass_g = excluded.mass_g,
    tolerance_g = excluded.tolerance_g, length_mm = excluded.length_mm, width_mm = excluded.width_mm,
    height_mm = excluded.height_mm, picture = excluded.picture, policy = excluded.policy, fragile = excluded.fragile,
    oversell = excluded.oversell, instruction = excluded.instruction, reorder_point = excluded.reorder_point,
    requires = excluded.requires, supplier = excluded.supplier,
    safety_stock = excluded.safety_stock;

-- name: fold_names
-- The names of changed products, as they are looked for.
UPDATE products SET folded_name = $1 WHERE sku = $2;

-- name: forget_codes
-- Codes of changed products, before their new ones are written.
DELETE FROM product_codes WHERE sku IN @each($1);

-- name: write_codes
-- What a scan may say to name a product.
INSERT INTO product_codes (code, sku) VALUES ($1, $2) ON CONFLICT (code, sku) DO NOTHING;

-- name: load_levels
-- Levels by SKU, of all warehouses.
SELECT sku, warehouse, shelf, packed, reserved, pick_bin FROM levels WHERE sku IN @each($1);

-- name: write_levels
-- New and changed levels.
INSERT INTO levels (sku, warehouse, shelf, packed, reserved, pick_bin) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (sku, warehouse) DO UPDATE SET shelf = excluded.shelf, packed = excluded.packed,
    reserved = excluded.reserved, pick_bin = excluded.pick_bin;

-- name: load_holdings
-- What lies in bins and lots, with what is known of the lots.
SELECT holdings.sku, holdings.warehouse, holdings.bin, holdings.lot, holdings.quantity,
    coalesce(lots.expiry, '') AS expiry, coalesce(lots.stopped, '') AS stopped
FROM holdings LEFT JOIN lots ON lots.sku = holdings.sku AND lots.lot = holdings.lot
WHERE holdings.sku IN @each($1) AND holdings.quantity <> 0;

-- name: load_lots
-- All lots of products, those that are used up too.
SELECT sku, lot, expiry, stopped FROM lots WHERE sku IN @each($1);

-- name: write_holdings
-- What lies in bins and lots now.
INSERT INTO holdings (sku, warehouse, bin, lot, quantity) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (sku, warehouse, bin, lot) DO UPDATE SET quantity = excluded.quantity;

-- name: write_lots
-- New and changed lots.
INSERT INTO lots (sku, lot, expiry, stopped) VALUES ($1, $2, $3, $4)
ON CONFLICT (sku, lot) DO UPDATE SET expiry = excluded.expiry, stopped = excluded.stopped;

-- name: load_serials
-- By what single pieces came before.
SELECT sku, serial, reference FROM movements
WHERE serial IN @each($1) AND serial <> '' AND reason = 'received' ORDER BY movement;

-- name: write_movements
-- The ledger only grows.
INSERT INTO movements (sku, source, target, quantity, reason, reference, by, at, warehouse, source_bin, target_bin, lot,
    serial)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: audit_levels
-- Every level that is not the sum of its movements, or whose promises are not the sum of its order lines' promises.
SELECT sku, warehouse, shelf, moved_shelf, packed, moved_packed, reserved, promised
FROM (
    SELECT known.sku, known.warehouse, coalesce(levels.shelf, 0) AS shelf, coalesce(levels.packed, 0) AS packed,
        coalesce(levels.reserved, 0) AS reserved, coalesce(moved.shelf, 0) AS moved_shelf,
        coalesce(moved.packed, 0) AS moved_packed, coalesce(lines.promised, 0) AS promised
    FROM (
        SELECT sku, warehouse FROM levels
        UNION SELECT sku, warehouse FROM movements
        UNION SELECT order_lines.sku, orders.warehouse
            FROM order_lines JOIN orders ON orders.order_id = order_lines.order_id
    ) AS known
    LEFT JOIN levels ON levels.sku = known.sku AND levels.warehouse = known.warehouse
    LEFT JOIN (
        SELECT sku, warehouse,
            sum(CASE WHEN target = 'shelf' THEN quantity ELSE 0 END - CASE WHEN source = 'shelf' THEN quantity ELSE 0 END) AS shelf,
            sum(CASE WHEN target = 'packed' THEN quantity ELSE 0 END - CASE WHEN source = 'packed' THEN quantity ELSE 0 END) AS packed
        FROM movements GROUP BY sku, warehouse
    ) AS moved ON moved.sku = known.sku AND moved.warehouse = known.warehouse
    LEFT JOIN (
        SELECT order_lines.sku, orders.warehouse, sum(order_lines.reserved) AS promised
        FROM order_lines JOIN orders ON orders.order_id = order_lines.order_id
        GROUP BY order_lines.sku, orders.warehouse
    ) AS lines ON lines.sku = known.sku AND lines.warehouse = known.warehouse
) AS compared
WHERE shelf <> moved_shelf OR packed <> moved_packed OR reserved <> promised
ORDER BY sku, warehouse;

-- name: audit_holdings
-- Every bin and lot that is not the sum of its movements.
SELECT sku, warehouse, bin, lot, max(held) AS held, sum(moved) AS moved
FROM (
    SELECT sku, warehouse, bin, lot, quantity AS held, 0 AS moved FROM holdings
    UNION ALL
    SELECT sku, warehouse, target_bin, lot, 0, quantity FROM movements
    WHERE target = 'shelf' AND (target_bin <> '' OR lot <> '')
    UNION ALL
    SELECT sku, warehouse, source_bin, lot, 0, -quantity FROM movements
    WHERE source = 'shelf' AND (source_bin <> '' OR lot <> '')
) AS compared
GROUP BY sku, warehouse, bin, lot HAVING max(held) <> sum(moved)
ORDER BY sku, warehouse, bin, lot;

-- name: audit_extent
-- How much an audit looked at.
SELECT (SELECT count(*) FROM products) AS products, (SELECT count(*) FROM movements) AS movements;
