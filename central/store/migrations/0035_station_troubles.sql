-- What is wrong with a station's computer, as JSON of contract.machine.MachineTrouble.
ALTER TABLE stations ADD COLUMN troubles TEXT NOT NULL DEFAULT '[]';
