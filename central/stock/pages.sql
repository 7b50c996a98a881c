-- name: search
-- Products with their levels: by text (SKU, name without case and accents, code), and by what needs a person ($3: `low`
-- or `pending`); sorted by what $8 says, then by SKU. $4, $9 and $10 are where the page before ended; $7 is today. All products
-- are looked at: a shop has some thousands.
SELECT * FROM (
SELECT products.sku, products.name, products.codes, products.mass_g, products.tolerance_g, products.length_mm,
    products.width_mm, products.height_mm, products.picture, products.policy, products.fragile, products.oversell,
    products.instruction, products.reorder_point, products.requires, products.supplier,
    products.safety_stock, coalesce(levels.shelf, 0) AS shelf,
    coalesce(levels.packed, 0) AS packed, coalesce(levels.reserved, 0) AS reserved,
    coalesce(unsellable.pieces, 0) AS unsellable,
    CASE $8 WHEN 'shelf' THEN coalesce(levels.shelf, 0)
        WHEN 'available' THEN coalesce(levels.shelf, 0) - coalesce(levels.reserved, 0) - coalesce(unsellable.pieces, 0)
        ELSE 0 END AS sort_number,
    CASE $8 WHEN 'name' THEN products.folded_name ELSE '' END AS sort_word
FROM products LEFT JOIN (
    SELECT sku, sum(shelf) AS shelf, sum(packed) AS packed, sum(reserved) AS reserved FROM levels GROUP BY sku
) AS levels ON levels.sku = products.sku
LEFT JOIN @unsellable($7) AS unsellable ON unsellable.sku = products.sku
WHERE ($1 = '' OR lower(products.sku) LIKE $2 ESCAPE '\' OR products.folded_name LIKE $2 ESCAPE '\'
        OR products.sku IN (SELECT sku FROM product_codes WHERE code = $1 OR code = $6))
    AND ($3 <> 'low' OR coalesce(levels.shelf, 0) - coalesce(levels.reserved, 0) - coalesce(unsellable.pieces, 0)
        <= products.reorder_point)
    AND ($3 <> 'pending' OR products.sku IN (
        SELECT sku FROM order_lines WHERE ordered > packed + cancelled AND supplier = ''))
) AS found
WHERE (sort_number, sort_word, sku) > ($9, $10, $4)
ORDER BY sort_number, sort_word, sku LIMIT $5;

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
-- One product's movements, newest first. $2 is where the page before ended. Packing and shipping have no index (it
-- would cost every parcel a page): they are looked for among the newest 50,000 of the house.
SELECT movement, source, target, quantity, reason, reference, by, at, warehouse, source_bin, target_bin, lot, serial
FROM (
    SELECT movement, source, target, quantity, reason, reference, by, at, warehouse, source_bin, target_bin, lot, serial
    FROM movements WHERE sku = $1 AND movement < $2 AND reason NOT IN ('packed', 'shipped')
    UNION ALL
    SELECT movement, source, target, quantity, reason, reference, by, at, warehouse, source_bin, target_bin, lot, serial
    FROM movements
    WHERE sku = $1 AND movement < $2 AND reason IN ('packed', 'shipped')
        AND movement > (SELECT coalesce(max(movement), 0) FROM movements) - 50000
) AS ledger
ORDER BY movement DESC LIMIT $3;

-- name: exported_levels
-- What lies on the shelf of each warehouse, by SKU; after the place ($1, $2).
SELECT sku, warehouse, shelf FROM levels WHERE sku >= $1 AND (sku > $1 OR warehouse > $2) ORDER BY sku, warehouse LIMIT $3;

-- name: elsewhere
-- Warehouses that are none of these, and not empty.
SELECT DISTINCT warehouse FROM levels
WHERE warehouse NOT IN @each($1) AND (shelf <> 0 OR packed <> 0 OR reserved <> 0) ORDER BY warehouse;
