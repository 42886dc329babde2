-- What was measured of a trial besides its time, by name: JSON, null where there is nothing.
ALTER TABLE trials ADD COLUMN metrics TEXT;
