-- name: search
-- Products with their levels: by text ($1 as it is, $2: SKU, name without case and accents; $4: code), and by what needs
-- a person ($3: `low` or `pending`); $5 is today. All products are looked at: a shop has some thousands.
-- sorted: sku = sku
-- sorted: name = folded_name, sku
-- sorted: shelf = shelf, sku
-- sorted: reserved = reserved, sku
-- sorted: available = shelf - reserved - unsellable, sku
-- sorted: packed = packed, sku
-- sorted: reorder = reorder_point, sku
-- sorted: mass = coalesce(mass_g, 0), sku
SELECT products.folded_name, products.sku, products.name, products.codes, products.mass_g, products.tolerance_g, products.length_mm,
    products.width_mm, products.height_mm, products.picture, products.policy, products.fragile, products.oversell,
    products.instruction, products.reorder_point, products.requires, products.supplier,
    products.safety_stock, coalesce(levels.shelf, 0) AS shelf,
    coalesce(levels.packed, 0) AS packed, coalesce(levels.reserved, 0) AS reserved,
    coalesce(unsellable.pieces, 0) AS unsellable
FROM products LEFT JOIN (
    SELECT sku, sum(shelf) AS shelf, sum(packed) AS packed, sum(reserved) AS reserved FROM levels GROUP BY sku
) AS levels ON levels.sku = products.sku
LEFT JOIN @unsellable($5) AS unsellable ON unsellable.sku = products.sku
WHERE ($1 = '' OR lower(products.sku) LIKE $2 ESCAPE '\' OR products.folded_name LIKE $2 ESCAPE '\'
        OR products.sku IN (SELECT sku FROM product_codes WHERE code = $1 OR code = $4))
    AND ($3 <> 'low' OR coalesce(levels.shelf, 0) - coalesce(levels.reserved, 0) - coalesce(unsellable.pieces, 0)
        <= products.reorder_point)
    AND ($3 <> 'pending' OR products.sku IN (
        SELECT sku FROM order_lines WHERE ordered > packed + cancelled AND supplier = ''));

-- name: one
-- One product with its level; $2 is today.
SELECT products.sku, products.name, products.codes, products.mass_g, products.tolerance_g, products.length_mm,
    products.width_mm, products.height_mm, products.picture, products.policy, products.fragile, products.oversell,
    products.instruction, products.reorder_point, products.requires, products.supplier,
    products.safety_stock, coalesce(levels.shelf, 0) AS shelf,
    coalesce(levels.packed, 0) AS packed, coalesce(levels.reserved, 0) AS reserved,
    coalesce((SELECT pieces FROM @unsellable($2) AS unsellable WHERE unsellable.sku = products.sku), 0) AS unsellable
FROM products LEFT JOIN (
    SELECT sku, sum(shelf) AS shelf, sum(packed) AS packed, sum(reserved) AS reserved
    FROM levels WHERE sku = $1 GROUP BY sku
) AS levels ON levels.sku = products.sku
WHERE products.sku = $1;

-- name: ledger_of
-- One product's movements. Packing and shipping have no index (it would cost every parcel a page): they are looked for
-- among the newest 50,000 of the house.
-- sorted: -when = movement
SELECT movement, source, target, quantity, reason, reference, by, at, warehouse, source_bin, target_bin, lot, serial
FROM (
    SELECT movement, source, target, quantity, reason, reference, by, at, warehouse, source_bin, target_bin, lot, serial
    FROM movements WHERE sku = $1 AND reason NOT IN ('packed', 'shipped')
    UNION ALL
    SELECT movement, source, target, quantity, reason, reference, by, at, warehouse, source_bin, target_bin, lot, serial
    FROM movements
    WHERE sku = $1 AND reason IN ('packed', 'shipped')
        AND movement > (SELECT coalesce(max(movement), 0) FROM movements) - 50000
) AS ledger;

-- name: exported_levels
-- What lies on the shelf of each warehouse.
-- sorted: sku = sku, warehouse
SELECT sku, warehouse, shelf FROM levels;

-- name: elsewhere
-- Warehouses that are none of these, and not empty.
SELECT DISTINCT warehouse FROM levels
WHERE warehouse NOT IN @each($1) AND (shelf <> 0 OR packed <> 0 OR reserved <> 0) ORDER BY warehouse;
