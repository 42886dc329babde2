-- Findings say of each figure that is unknown why. Earlier documents do not know it, and what is not known must not be
-- invented: they are dropped, and the next visit to the study writes new ones. What a final comparison recommends stays.

CREATE TABLE new_findings (
  study         INTEGER PRIMARY KEY REFERENCES studies (row),
  comparison    INTEGER REFERENCES comparisons (id),
  configuration TEXT,
  time_us       REAL,
  document      TEXT,               -- null: an earlier version wrote it in another form
  tool_version  TEXT NOT NULL,
  found_at      INTEGER NOT NULL,
  CHECK ((configuration IS NULL) = (time_us IS NULL))
) STRICT;

INSERT INTO new_findings (study, comparison, configuration, time_us, document, tool_version, found_at)
  SELECT study, comparison, configuration, time_us, NULL, tool_version, found_at FROM findings;

DROP TABLE findings;
ALTER TABLE new_findings RENAME TO findings;
