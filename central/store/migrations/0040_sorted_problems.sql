-- Every order that the list of problems offers, of those that wait and of all that ever did.
CREATE INDEX problems_told ON problems (problem) WHERE closed_at IS NULL;
CREATE INDEX problems_at ON problems (at, problem);
CREATE INDEX problems_kind ON problems (kind, problem);
CREATE INDEX problems_station ON problems (station, problem);
