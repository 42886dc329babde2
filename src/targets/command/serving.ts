import { z } from 'zod';
import type { Configuration } from '../../../search-space/parameter.ts';
import { FAILURE_REASONS } from '../../../store/trial.ts';
import type { Failure } from '../../../tuner/backend.ts';
import type { Execution } from '../../programs/execution.ts';
import type { Keeper } from '../../programs/keeper/keeper.ts';
import { triedAgain } from '../../programs/lost.ts';
import { failure } from './failure.ts';

/** A configuration at which the program ended so often has failed. */
const MOST_ENDS = 3;

/** A program says so that a configuration does not work, and goes on. */
const refusal = z.looseObject({ error: z.string(), reason: z.enum(FAILURE_REASONS).default('runtime') });

/**
 * Asks a program that stays for one configuration. If it ends without an answer, it is started and asked
 * again; how it ended for the third time is the configuration's failure.
 */
export async function askServer(
  keeper: Keeper,
  words: readonly string[],
  configuration: Configuration,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Execution | Failure> {
  const line = JSON.stringify(configuration);
  for (let ends = 1; ; ends++) {
    const execution = await triedAgain(() => keeper.execute(words, timeoutMs, signal, line));
    if (execution.state === 'exited' && execution.output !== '')
      return refusedBy(execution.output) ?? execution;
    if (execution.state !== 'exited' && execution.state !== 'killed') return execution;
    if (ends === MOST_ENDS)
      return { ...execution, complaint: `ended ${MOST_ENDS} times without an answer${said(execution)}` };
  }
}

function said({ complaint }: Readonly<{ complaint: string }>): string {
  return complaint === '' ? '' : `: ${complaint}`;
}

function refusedBy(line: string): Failure | undefined {
  try {
    const { data } = refusal.safeParse(JSON.parse(line));
    return data && failure(data.reason, data.error.slice(0, 200));
  } catch {
    return undefined;
  }
}
