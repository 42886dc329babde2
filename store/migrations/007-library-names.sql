-- The names of the library's kernels: another kernel of such a name always has a title that says so.

CREATE TABLE library_names (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

INSERT INTO library_names (name) SELECT DISTINCT name FROM kernels WHERE source = 'library';

DROP INDEX kernels_by_source;
