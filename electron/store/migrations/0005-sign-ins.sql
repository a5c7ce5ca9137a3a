-- How often somebody signed in or out of a registry for good: by its change other processes hear of it.

ALTER TABLE endpoints ADD COLUMN sign_ins INTEGER NOT NULL DEFAULT 0;
