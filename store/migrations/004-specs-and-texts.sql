-- How a study was asked for, so that it can be made again; null where somebody else proposes or measures.
ALTER TABLE studies ADD COLUMN spec TEXT;
-- The Triton IR of an imported kernel, so that another shape of it needs no file.
ALTER TABLE imports ADD COLUMN ttir TEXT;
