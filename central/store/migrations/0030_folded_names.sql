-- A product's name without case and accents, by which it is found and sorted (central.orders.terms.folded).
ALTER TABLE products ADD COLUMN folded_name text NOT NULL DEFAULT '';
UPDATE products SET folded_name = lower(name);
UPDATE products SET folded_name =
    replace(replace(replace(replace(folded_name, 'é', 'e'), 'è', 'e'), 'ê', 'e'), 'ë', 'e');
UPDATE products SET folded_name =
    replace(replace(replace(replace(folded_name, 'É', 'e'), 'È', 'e'), 'Ê', 'e'), 'Ë', 'e');
UPDATE products SET folded_name =
    replace(replace(replace(replace(replace(replace(folded_name, 'à', 'a'), 'â', 'a'), 'ä', 'a'), 'á', 'a'), 'ã', 'a'), 'å', 'a');
UPDATE products SET folded_name =
    replace(replace(replace(replace(replace(replace(folded_name, 'À', 'a'), 'Â', 'a'), 'Ä', 'a'), 'Á', 'a'), 'Ã', 'a'), 'Å', 'a');
UPDATE products SET folded_name =
    replace(replace(replace(replace(folded_name, 'ù', 'u'), 'û', 'u'), 'ü', 'u'), 'ú', 'u');
UPDATE products SET folded_name =
    replace(replace(replace(replace(folded_name, 'Ù', 'u'), 'Û', 'u'), 'Ü', 'u'), 'Ú', 'u');
UPDATE products SET folded_name =
    replace(replace(replace(replace(folded_name, 'î', 'i'), 'ï', 'i'), 'í', 'i'), 'ì', 'i');
UPDATE products SET folded_name =
    replace(replace(replace(replace(folded_name, 'Î', 'i'), 'Ï', 'i'), 'Í', 'i'), 'Ì', 'i');
UPDATE products SET folded_name =
    replace(replace(replace(replace(replace(replace(folded_name, 'ô', 'o'), 'ö', 'o'), 'ó', 'o'), 'ò', 'o'), 'õ', 'o'), 'ø', 'o');
UPDATE products SET folded_name =
    replace(replace(replace(replace(replace(replace(folded_name, 'Ô', 'o'), 'Ö', 'o'), 'Ó', 'o'), 'Ò', 'o'), 'Õ', 'o'), 'Ø', 'o');
UPDATE products SET folded_name =
    replace(replace(folded_name, 'ç', 'c'), 'Ç', 'c');
UPDATE products SET folded_name =
    replace(replace(folded_name, 'ñ', 'n'), 'Ñ', 'n');
UPDATE products SET folded_name =
    replace(replace(folded_name, 'œ', 'oe'), 'Œ', 'oe');
UPDATE products SET folded_name =
    replace(replace(folded_name, 'æ', 'ae'), 'Æ', 'ae');
UPDATE products SET folded_name =
    replace(folded_name, 'ß', 'ss');
