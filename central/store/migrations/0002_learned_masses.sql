-- What parcels taught of the masses of products and boxes, in milligrams.
CREATE TABLE masses (
    kind text NOT NULL,
    name text NOT NULL,
    mean_mg double precision NOT NULL,
    variance double precision NOT NULL,
    seen double precision NOT NULL,
    evidence double precision NOT NULL,
    parcels bigint NOT NULL,
    PRIMARY KEY (kind, name)
) @clustered;
