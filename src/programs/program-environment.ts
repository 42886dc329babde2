/**
 * The environment of the processes that nightshift starts: its own without the daemon's token, which is
 * between the daemon and who asks it.
 */
export function programEnvironment(): NodeJS.ProcessEnv {
  const { NIGHTSHIFT_TOKEN: _, ...environment } = process.env;
  return environment;
}
