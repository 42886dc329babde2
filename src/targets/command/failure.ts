import { BackendGone, type Failure } from '../../../tuner/backend.ts';
import type { Execution } from '../../programs/execution.ts';
import { MOST_LOSSES } from '../../programs/lost.ts';
import { hasPlaceholder, type Template } from './template.ts';

/** Longer words of a program are cut off. */
const MOST_CHARACTERS = 200;

const OUT_OF_STEP =
  'the program gave more answers than it was asked for, so that the latest times may be of other configurations: let it print one line that begins with { for each line that it reads';

/**
 * A program that cannot start says nothing about the configuration, unless its path has a placeholder. Throws BackendGone
 * where no answer of a program that stays is known to be of its configuration.
 */
export function failureOf(
  execution: Exclude<Execution, { state: 'aborted' }>,
  template: Template,
  timeoutMs: number,
): Failure {
  switch (execution.state) {
    case 'timeout':
      return failure('timeout', `took longer than ${timeoutMs / 1000} s`);
    case 'unstartable':
      return failure(
        hasPlaceholder(template[0]) ? 'runtime' : 'disturbed',
        `could not be started: ${execution.complaint}`,
      );
    case 'lost':
      return failure('runtime', `${execution.complaint}, ${MOST_LOSSES} times in a row`);
    case 'out of step':
      throw new BackendGone(OUT_OF_STEP);
    case 'killed':
      return failure('runtime', ended(`ended by ${execution.signal}`, execution.complaint));
    case 'exited':
      return failure('runtime', ended(`exit code ${execution.code}`, execution.complaint));
  }
}

function ended(how: string, complaint: string): string {
  return complaint === '' ? how : `${how}: ${complaint.slice(0, MOST_CHARACTERS)}`;
}

export function failure(reason: Failure['reason'], message: string): Failure {
  return { state: 'invalid', reason, message };
}
