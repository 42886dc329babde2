-- Finds kernels with the same name, shape and dtype, which need titles that tell them apart.

CREATE INDEX kernels_by_name ON kernels (name, shape, dtype);
CREATE INDEX kernels_by_source ON kernels (name, source);
