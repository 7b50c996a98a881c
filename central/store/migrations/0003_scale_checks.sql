-- What check weights say of the scales.
CREATE TABLE scale_checks (
    station text NOT NULL,
    scale text NOT NULL,
    at bigint NOT NULL,
    badge text NOT NULL,
    weight_g bigint NOT NULL,
    tolerance_g bigint NOT NULL,
    zero_g bigint NOT NULL,
    shown_g bigint NOT NULL,
    return_g bigint NOT NULL,
    empty_low_g bigint NOT NULL,
    empty_high_g bigint NOT NULL,
    passed bigint NOT NULL,
    due_at bigint NOT NULL,
    PRIMARY KEY (station, scale, at)
) @clustered;
