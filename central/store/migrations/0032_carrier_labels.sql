-- Labels that carriers made, as files, to be printed as they are.
CREATE TABLE carrier_labels (
    sscc text PRIMARY KEY,
    carrier text NOT NULL,
    tracking_number text NOT NULL,
    form text NOT NULL,
    dpi bigint NOT NULL,
    codes text NOT NULL,
    sha256 text NOT NULL,
    size bigint NOT NULL,
    file text NOT NULL,
    kept_by text NOT NULL,
    kept_at bigint NOT NULL
) @clustered;
