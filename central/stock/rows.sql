-- name: load_products
-- Products by SKU.
SELECT sku, name, codes, mass_g, tolerance_g, length_mm, width_mm, height_mm, picture, policy, fragile, oversell,
    instruction, reorder_point, requires
FROM products WHERE sku IN @each($1);

-- name: write_products
-- New and changed products.
INSERT INTO products (sku, name, codes, mass_g, tolerance_g, length_mm, width_mm, height_mm, picture, policy, fragile,
    oversell, instruction, reorder_point, requires)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (sku) DO UPDATE SET name = excluded.name, codes = excluded.codes, mass_g = excluded.mass_g,
    tolerance_g = excluded.tolerance_g, length_mm = excluded.length_mm, width_mm = excluded.width_mm,
    height_mm = excluded.height_mm, picture = excluded.picture, policy = excluded.policy, fragile = excluded.fragile,
    oversell = excluded.oversell, instruction = excluded.instruction, reorder_point = excluded.reorder_point,
    requires = excluded.requires;

-- name: forget_codes
-- Codes of changed products, before their new ones are written.
DELETE FROM product_codes WHERE sku IN @each($1);

-- name: write_codes
-- What a scan may say to name a product.
INSERT INTO product_codes (code, sku) VALUES ($1, $2) ON CONFLICT (code, sku) DO NOTHING;

-- name: load_levels
-- Levels by SKU.
SELECT sku, shelf, packed, reserved FROM levels WHERE sku IN @each($1);

-- name: write_levels
-- New and changed levels.
INSERT INTO levels (sku, shelf, packed, reserved) VALUES ($1, $2, $3, $4)
ON CONFLICT (sku) DO UPDATE SET shelf = excluded.shelf, packed = excluded.packed, reserved = excluded.reserved;

-- name: write_movements
-- The ledger only grows.
INSERT INTO movements (sku, source, target, quantity, reason, reference, by, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: audit_levels
-- Every level that is not the sum of its movements, or whose promises are not the sum of its order lines' promises.
SELECT sku, shelf, moved_shelf, packed, moved_packed, reserved, promised
FROM (
    SELECT known.sku, coalesce(levels.shelf, 0) AS shelf, coalesce(levels.packed, 0) AS packed,
        coalesce(levels.reserved, 0) AS reserved, coalesce(moved.shelf, 0) AS moved_shelf,
        coalesce(moved.packed, 0) AS moved_packed, coalesce(lines.promised, 0) AS promised
    FROM (SELECT sku FROM levels UNION SELECT sku FROM movements UNION SELECT sku FROM order_lines) AS known
    LEFT JOIN levels ON levels.sku = known.sku
    LEFT JOIN (
        SELECT sku,
            sum(CASE WHEN target = 'shelf' THEN quantity ELSE 0 END - CASE WHEN source = 'shelf' THEN quantity ELSE 0 END) AS shelf,
            sum(CASE WHEN target = 'packed' THEN quantity ELSE 0 END - CASE WHEN source = 'packed' THEN quantity ELSE 0 END) AS packed
        FROM movements GROUP BY sku
    ) AS moved ON moved.sku = known.sku
    LEFT JOIN (SELECT sku, sum(reserved) AS promised FROM order_lines GROUP BY sku) AS lines ON lines.sku = known.sku
) AS compared
WHERE shelf <> moved_shelf OR packed <> moved_packed OR reserved <> promised
ORDER BY sku;

-- name: audit_extent
-- How much an audit looked at.
SELECT (SELECT count(*) FROM products) AS products, (SELECT count(*) FROM movements) AS movements;
