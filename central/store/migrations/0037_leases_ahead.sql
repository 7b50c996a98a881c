-- Jobs that are lent before anybody asks for them, and stations that want more of them.
ALTER TABLE jobs ADD COLUMN until bigint NOT NULL DEFAULT 0;
CREATE INDEX jobs_ahead ON jobs (until) WHERE until > 0;
ALTER TABLE stations ADD COLUMN wants bigint NOT NULL DEFAULT 0;
CREATE INDEX stations_at_work ON stations (station) WHERE online = 1 AND badge <> '';
