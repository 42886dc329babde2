import type { Execution } from './execution.ts';

/** A configuration whose keeper ends so many times in a row is invalid. */
export const MOST_LOSSES = 3;

/** Tries again where the system ended the keeper, so that the fate of the program is unknown. */
export async function triedAgain(
  attempt: () => Promise<Execution>,
  isClosed: () => boolean = () => false,
): Promise<Execution> {
  for (let losses = 1; ; losses++) {
    const execution = await attempt();
    if (execution.state !== 'lost' || losses === MOST_LOSSES || isClosed()) return execution;
  }
}
