/**
 * The environment of the processes that nightshift starts: its own without the daemon's token and the
 * password of the fleet's Redis, which are between nightshift and who asks it.
 */
export function programEnvironment(): NodeJS.ProcessEnv {
  const { NIGHTSHIFT_TOKEN: _, REDISCLI_AUTH: __, ...environment } = process.env;
  return environment;
}
