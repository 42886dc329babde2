-- Kernels that look alike to a reader are found by what they look like.

CREATE INDEX kernels_by_name ON kernels (name, shape, dtype);
CREATE INDEX kernels_by_source ON kernels (name, source);
