-- The gain over the default is that of the configuration to use. Findings had that of the fastest, and where the two
-- differ the other one as `gainOfBest`; the earliest of them had no such field, and the ratio has no interval then.

UPDATE findings
  SET document = json_set(document, '$.gainOverDefault', json_object(
    'value', json_extract(document, '$.default.timeUs') / json_extract(document, '$.best.timeUs'),
    'low', NULL,
    'high', NULL))
  WHERE json_type(document, '$.gainOfBest') IS NULL
    AND json_type(document, '$.gainOverDefault.value') IS NOT NULL
    AND json_extract(document, '$.default.timeUs') IS NOT NULL
    AND json_extract(document, '$.best.timeUs') <> json_extract(document, '$.winner.timeUs');

UPDATE findings
  SET document = json_remove(
    json_set(document, '$.gainOverDefault', json_extract(document, '$.gainOfBest')), '$.gainOfBest')
  WHERE json_type(document, '$.gainOfBest') IS NOT NULL;
