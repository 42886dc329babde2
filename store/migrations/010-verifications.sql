-- Winners that were timed anew beside another configuration, which is what shows that they are faster.

CREATE TABLE verifications (
  study       INTEGER NOT NULL REFERENCES studies (row),
  place       INTEGER NOT NULL,   -- how many other pairs of configurations of the study were verified before
  body        TEXT NOT NULL,
  verified_at INTEGER NOT NULL,
  PRIMARY KEY (study, place)
) STRICT, WITHOUT ROWID;
