-- Summaries are stored with a study, so that no query reads a million trials for them.

-- The number of settled trials by outcome.
CREATE TABLE outcomes (
  study   INTEGER NOT NULL REFERENCES studies (row),
  outcome TEXT NOT NULL,        -- 'timed' or the reason
  trials  INTEGER NOT NULL,
  PRIMARY KEY (study, outcome)
) STRICT, WITHOUT ROWID;

-- The trials that were faster than all earlier ones.
CREATE TABLE improvements (
  study   INTEGER NOT NULL REFERENCES studies (row),
  number  INTEGER NOT NULL,
  time_us REAL NOT NULL,
  PRIMARY KEY (study, number)
) STRICT, WITHOUT ROWID;

INSERT INTO outcomes (study, outcome, trials)
  SELECT study, coalesce(reason, 'timed'), count(*) FROM trials WHERE number IS NOT NULL GROUP BY 1, 2;

INSERT INTO improvements (study, number, time_us)
  SELECT study, number, time_us FROM (
    SELECT study, number, time_us, min(time_us) OVER (
      PARTITION BY study ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM trials WHERE state = 'timed')
  WHERE before IS NULL OR time_us < before;

-- Finds the few timed or failed trials of a study without reading all others.
CREATE INDEX trials_failed ON trials (study, number) WHERE state = 'invalid';
