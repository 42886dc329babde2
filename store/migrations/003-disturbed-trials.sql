-- A trial that the machine's surroundings spoiled is not its configuration's fate: others may follow it.

DROP INDEX trials_by_configuration;
CREATE UNIQUE INDEX trials_by_configuration ON trials (study, configuration_key)
  WHERE reason IS NOT 'disturbed';
