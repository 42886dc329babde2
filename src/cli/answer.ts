import { toolVersion } from '../ask/tool-version.ts';
import { commands } from './commands/index.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { perform } from './program.ts';
import { describeError } from './report-error.ts';
import type { Session } from './session.ts';

/** Runs a command line and reports its error, if any, on stderr. Returns the exit code. */
export async function answer(words: readonly string[], session: Session): Promise<number> {
  try {
    await perform(words, commands, session, toolVersion);
    return EXIT.ok;
  } catch (error) {
    for (const line of describeError(error, session.env)) session.say(`${line}\n`);
    return exitCodeOf(error);
  }
}
