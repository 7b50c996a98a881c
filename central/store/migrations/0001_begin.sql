-- Everything that the first Packline keeps. Moments are milliseconds since the epoch, money is in minor units.

CREATE TABLE products (
    sku text PRIMARY KEY,
    name text NOT NULL,
    codes text NOT NULL,
    mass_g bigint,
    tolerance_g bigint NOT NULL,
    length_mm bigint NOT NULL,
    width_mm bigint NOT NULL,
    height_mm bigint NOT NULL,
    picture text NOT NULL,
    policy text NOT NULL,
    fragile bigint NOT NULL,
    oversell bigint NOT NULL,
    instruction text NOT NULL,
    reorder_point bigint NOT NULL
) @clustered;

-- Which product a scanned code names; written with its product.
CREATE TABLE product_codes (
    code text NOT NULL,
    sku text NOT NULL,
    PRIMARY KEY (code, sku)
) @clustered;
CREATE INDEX product_codes_of ON product_codes (sku);

-- shelf and packed are sums of movements, reserved is the sum of the order lines' reserved.
CREATE TABLE levels (
    sku text PRIMARY KEY,
    shelf bigint NOT NULL,
    packed bigint NOT NULL,
    reserved bigint NOT NULL
) @clustered;

CREATE TABLE movements (
    movement @serial,
    sku text NOT NULL,
    source text NOT NULL,
    target text NOT NULL,
    quantity bigint NOT NULL CHECK (quantity > 0),
    reason text NOT NULL,
    reference text NOT NULL,
    by text NOT NULL,
    at bigint NOT NULL
);
-- Packing and shipping are found by their parcels; an index over them would cost every parcel a page.
CREATE INDEX movements_of ON movements (sku, movement) WHERE reason NOT IN ('packed', 'shipped');

CREATE TABLE orders (
    order_id text PRIMARY KEY,
    placed_at bigint NOT NULL,
    ship_to text NOT NULL,
    status text NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    phone text NOT NULL,
    language text NOT NULL,
    payment text NOT NULL,
    payment_method text NOT NULL,
    payment_reference text NOT NULL,
    paid_amount bigint NOT NULL,
    currency text NOT NULL,
    total bigint NOT NULL,
    service text NOT NULL,
    gift_note text NOT NULL,
    notes text NOT NULL,
    tote text NOT NULL,
    promised_at bigint,
    source text NOT NULL,
    held text NOT NULL,
    cancelled bigint NOT NULL,
    content text NOT NULL,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL
);
CREATE INDEX orders_placed ON orders (placed_at);
CREATE INDEX orders_name ON orders (lower(name));
CREATE INDEX orders_email ON orders (lower(email)) WHERE email <> '';
CREATE INDEX orders_tote ON orders (tote) WHERE tote <> '';
-- The queue: what is not at its end.
CREATE INDEX orders_open ON orders (status, placed_at) WHERE status NOT IN ('packed', 'shipped', 'delivered', 'cancelled');

CREATE TABLE order_lines (
    order_id text NOT NULL,
    line bigint NOT NULL,
    sku text NOT NULL,
    ordered bigint NOT NULL,
    name text NOT NULL,
    unit_price bigint NOT NULL,
    reserved bigint NOT NULL,
    packed bigint NOT NULL,
    shipped bigint NOT NULL,
    delivered bigint NOT NULL,
    returned bigint NOT NULL,
    cancelled bigint NOT NULL,
    PRIMARY KEY (order_id, line)
) @clustered;
-- What waits on the shelf or for stock.
CREATE INDEX order_lines_pending ON order_lines (sku, order_id) WHERE ordered > packed + cancelled;

CREATE TABLE jobs (
    job_id text PRIMARY KEY,
    station text NOT NULL,
    fence bigint NOT NULL,
    state text NOT NULL,
    badge text NOT NULL,
    leased_at bigint NOT NULL,
    in_hand text NOT NULL,
    confirmed text NOT NULL
) @clustered;
CREATE INDEX jobs_held ON jobs (station) WHERE state <> 'idle';

CREATE TABLE parcels (
    sscc text PRIMARY KEY,
    job_id text NOT NULL,
    number bigint NOT NULL,
    status text NOT NULL,
    status_at bigint NOT NULL,
    orders text NOT NULL,
    contents text NOT NULL,
    station text NOT NULL,
    badge text NOT NULL,
    box text NOT NULL,
    grams bigint,
    weighing text NOT NULL,
    overrides text NOT NULL,
    opened_at bigint NOT NULL,
    closed_at bigint NOT NULL,
    booked_at bigint NOT NULL,
    carrier text NOT NULL,
    tracking_number text NOT NULL,
    token text NOT NULL,
    held text NOT NULL,
    shipped_at bigint,
    delivered_at bigint,
    returned_at bigint,
    events bigint NOT NULL
);
CREATE UNIQUE INDEX parcels_token ON parcels (token);
-- An own-label parcel is found by its SSCC, which is its tracking number.
CREATE INDEX parcels_tracking ON parcels (tracking_number) WHERE tracking_number <> sscc AND tracking_number <> '';

CREATE TABLE parcel_lines (
    order_id text NOT NULL,
    line bigint NOT NULL,
    sscc text NOT NULL,
    sku text NOT NULL,
    quantity bigint NOT NULL,
    counted bigint NOT NULL,
    PRIMARY KEY (order_id, line, sscc, sku)
) @clustered;

CREATE TABLE sscc_ranges (
    prefix text NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    station text NOT NULL,
    message_id text NOT NULL,
    leased_at bigint NOT NULL,
    PRIMARY KEY (prefix, first)
) @clustered;
CREATE UNIQUE INDEX sscc_ranges_ask ON sscc_ranges (message_id);

CREATE TABLE tracking_events (
    sscc text NOT NULL,
    number bigint NOT NULL,
    status text NOT NULL,
    at bigint NOT NULL,
    recorded_at bigint NOT NULL,
    source text NOT NULL,
    text text NOT NULL,
    place text NOT NULL,
    PRIMARY KEY (sscc, number)
) @clustered;

CREATE TABLE timeline (
    entry @serial,
    subject text NOT NULL,
    at bigint NOT NULL,
    what text NOT NULL,
    station text NOT NULL,
    by text NOT NULL,
    text text NOT NULL
);
CREATE INDEX timeline_of ON timeline (subject, at);

CREATE TABLE problems (
    problem @serial,
    kind text NOT NULL,
    text text NOT NULL,
    at bigint NOT NULL,
    station text NOT NULL,
    badge text NOT NULL,
    order_id text NOT NULL,
    sscc text NOT NULL,
    sku text NOT NULL,
    closed_at bigint,
    closed_by text NOT NULL DEFAULT ''
);
CREATE INDEX problems_open ON problems (at) WHERE closed_at IS NULL;
CREATE INDEX problems_of_order ON problems (order_id) WHERE order_id <> '';

CREATE TABLE stations (
    station text PRIMARY KEY,
    online bigint NOT NULL,
    version text NOT NULL,
    devices text NOT NULL,
    queued bigint NOT NULL,
    badge text NOT NULL,
    configured bigint NOT NULL,
    seen_at bigint NOT NULL
) @clustered;

-- One row for each fact that is booked: a repeat finds its receipt here.
CREATE TABLE received (
    message_id text PRIMARY KEY,
    station text NOT NULL,
    sequence bigint NOT NULL,
    booked_at bigint NOT NULL,
    problem text NOT NULL
) @clustered;

-- For the broker, gone at its acknowledgement. News is keyed by its topic: the newest replaces the one not yet sent.
CREATE TABLE outbox (
    sequence @serial,
    topic text NOT NULL,
    body text NOT NULL,
    retain bigint NOT NULL,
    at bigint NOT NULL
);
CREATE UNIQUE INDEX outbox_news ON outbox (topic) WHERE retain = 1;

-- Payloads that nobody could book, for a person to look at.
CREATE TABLE aside (
    aside @serial,
    topic text NOT NULL,
    reason text NOT NULL,
    payload bytea NOT NULL,
    size bigint NOT NULL,
    at bigint NOT NULL
);
