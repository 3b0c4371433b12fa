-- One tree instead of two: each light of each project is a row, and a row has nothing but its key and two short values.
CREATE TABLE light_since_by_key (
	record BLOB NOT NULL,
	light TEXT NOT NULL,
	severity INTEGER NOT NULL,
	since TEXT NOT NULL,
	PRIMARY KEY (record, light)
) WITHOUT ROWID;
INSERT INTO light_since_by_key (record, light, severity, since) SELECT record, light, severity, since FROM light_since;
DROP TABLE light_since;
ALTER TABLE light_since_by_key RENAME TO light_since;
