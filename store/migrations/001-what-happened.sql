-- Kernels, targets, studies, visits, trials, comparisons, findings, models.
-- Times of day are milliseconds since 1970; times of trials are microseconds; JSON is text.

CREATE TABLE kernels (
  hash     TEXT PRIMARY KEY,
  name     TEXT NOT NULL,
  shape    TEXT NOT NULL,
  dtype    TEXT NOT NULL,
  ir       TEXT,              -- null for a kernel that only the user's device can run
  features TEXT NOT NULL,
  source   TEXT NOT NULL
) STRICT;
CREATE INDEX kernels_by_shape ON kernels (shape, dtype);

-- Every name that a kernel was saved under: two files may contain the same computation.
CREATE TABLE kernel_names (
  name TEXT NOT NULL,
  hash TEXT NOT NULL REFERENCES kernels (hash),
  PRIMARY KEY (name, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE imports (
  name        TEXT PRIMARY KEY,
  hash        TEXT NOT NULL REFERENCES kernels (hash),
  calls       INTEGER,        -- how often a model calls it, where known
  imported_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE targets (
  fingerprint TEXT PRIMARY KEY,
  name        TEXT NOT NULL,
  kind        TEXT NOT NULL,
  description TEXT NOT NULL,
  features    TEXT NOT NULL,
  saved_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX targets_by_name ON targets (name, saved_at);

CREATE TABLE studies (
  row                   INTEGER PRIMARY KEY,
  id                    TEXT NOT NULL UNIQUE,
  kernel_hash           TEXT NOT NULL REFERENCES kernels (hash),
  target_fingerprint    TEXT NOT NULL REFERENCES targets (fingerprint),
  space_hash            TEXT NOT NULL,
  space                 TEXT NOT NULL,
  objective             TEXT NOT NULL,
  strategy              TEXT NOT NULL,
  seed                  INTEGER NOT NULL,
  default_configuration TEXT NOT NULL,  -- its keys stand in the order of the space's parameters
  prior_version         TEXT,
  tool_version          TEXT NOT NULL,
  created_at            INTEGER NOT NULL,
  state                 TEXT NOT NULL,
  answer_us             REAL            -- the recommended time, or the fastest trial's before there is one
) STRICT;
CREATE INDEX studies_by_answer ON studies (kernel_hash, target_fingerprint, answer_us)
  WHERE answer_us IS NOT NULL;
CREATE INDEX studies_by_target ON studies (target_fingerprint);

CREATE TABLE visits (
  id              INTEGER PRIMARY KEY,
  study           INTEGER NOT NULL REFERENCES studies (row),
  budget          TEXT NOT NULL,
  tool_version    TEXT NOT NULL,
  environment     TEXT NOT NULL,
  started_at      INTEGER NOT NULL,
  trials_at_start INTEGER NOT NULL,
  active_ms       REAL NOT NULL,
  state           TEXT NOT NULL CHECK (state IN ('open', 'ended')),
  stopped_by      TEXT,
  ended_at        INTEGER,
  CHECK ((state = 'ended') = (stopped_by IS NOT NULL AND ended_at IS NOT NULL))
) STRICT;
CREATE INDEX visits_by_study ON visits (study);
CREATE UNIQUE INDEX visits_open ON visits (study) WHERE state = 'open';

CREATE TABLE trials (
  row               INTEGER PRIMARY KEY,
  study             INTEGER NOT NULL REFERENCES studies (row),
  number            INTEGER,            -- without gaps from 0; null until settled
  visit             INTEGER REFERENCES visits (id),
  configuration_key BLOB NOT NULL,
  configuration     TEXT NOT NULL,
  subset            TEXT NOT NULL,
  origin            TEXT NOT NULL,
  mean_log          REAL,               -- the prediction, of ln(time in microseconds)
  sd_log            REAL,
  state             TEXT NOT NULL CHECK (state IN ('running', 'abandoned', 'timed', 'invalid')),
  time_us           REAL,
  samples_us        TEXT,
  phases            TEXT,
  reason            TEXT,
  message           TEXT,
  at                INTEGER NOT NULL,   -- when it was settled; when it was begun, for the others
  CHECK ((number IS NOT NULL) = (state IN ('timed', 'invalid'))),
  CHECK ((visit IS NOT NULL) = (number IS NOT NULL)),
  CHECK ((time_us IS NOT NULL AND samples_us IS NOT NULL) = (state = 'timed')),
  CHECK ((reason IS NOT NULL AND message IS NOT NULL) = (state = 'invalid'))
) STRICT;
CREATE UNIQUE INDEX trials_by_configuration ON trials (study, configuration_key);
CREATE UNIQUE INDEX trials_by_number ON trials (study, number) WHERE number IS NOT NULL;
CREATE INDEX trials_by_time ON trials (study, time_us, number) WHERE state = 'timed';
CREATE INDEX trials_unsettled ON trials (study, state) WHERE number IS NULL;
CREATE INDEX trials_by_visit ON trials (visit) WHERE visit IS NOT NULL;

CREATE TABLE comparisons (
  id          INTEGER PRIMARY KEY,
  study       INTEGER NOT NULL REFERENCES studies (row),
  body        TEXT NOT NULL,
  compared_at INTEGER NOT NULL
) STRICT;
CREATE INDEX comparisons_by_study ON comparisons (study);

CREATE TABLE findings (
  study         INTEGER PRIMARY KEY REFERENCES studies (row),
  comparison    INTEGER REFERENCES comparisons (id),
  configuration TEXT,
  time_us       REAL,
  document      TEXT NOT NULL,
  tool_version  TEXT NOT NULL,
  found_at      INTEGER NOT NULL,
  CHECK ((configuration IS NULL) = (time_us IS NULL))
) STRICT;

CREATE TABLE models (
  version    TEXT PRIMARY KEY,
  kind       TEXT NOT NULL,
  metrics    TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  blob       BLOB NOT NULL
) STRICT;
CREATE INDEX models_by_kind ON models (kind, created_at);
