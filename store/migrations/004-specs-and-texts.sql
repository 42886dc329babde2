-- The spec of a study, so that it can be repeated; null if it was imported or is measured elsewhere.
ALTER TABLE studies ADD COLUMN spec TEXT;
-- The Triton IR of an imported kernel, so that another shape of it needs no file.
ALTER TABLE imports ADD COLUMN ttir TEXT;
