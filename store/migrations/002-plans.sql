-- Plans submitted to a daemon, so that it continues them after a restart.

CREATE TABLE plans (
  id           TEXT PRIMARY KEY,
  document     TEXT NOT NULL,
  submitted_at INTEGER NOT NULL,
  active_ms    REAL NOT NULL,
  ended_at     INTEGER
) STRICT;

CREATE TABLE plan_studies (
  plan        TEXT NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
  place       INTEGER NOT NULL,
  study       INTEGER NOT NULL REFERENCES studies (row) ON DELETE CASCADE,
  task        TEXT NOT NULL,
  first_visit INTEGER,          -- visits from this one on were made for the plan; null until it began
  stopped_by  TEXT,             -- null until it ended
  PRIMARY KEY (plan, place),
  UNIQUE (plan, study)
) STRICT, WITHOUT ROWID;
CREATE INDEX plan_studies_by_study ON plan_studies (study);
