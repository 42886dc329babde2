-- A trial disturbed by other work is not the result of its configuration: more trials may follow.

DROP INDEX trials_by_configuration;
CREATE UNIQUE INDEX trials_by_configuration ON trials (study, configuration_key)
  WHERE reason IS NOT 'disturbed';
