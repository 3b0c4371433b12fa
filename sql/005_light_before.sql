-- How a light stood before: what comes back by an undo, or on the same day, stands since it began first.
ALTER TABLE light_since ADD COLUMN before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE light_since ADD COLUMN before_since TEXT NOT NULL DEFAULT '';
ALTER TABLE light_since ADD COLUMN before_until TEXT NOT NULL DEFAULT '';
