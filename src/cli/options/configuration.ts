import { parseAssignment } from '../../../search-space/assignment.ts';
import { InputError } from '../../../search-space/input-error.ts';
import type { Configuration, Value } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import { kernelHash } from '../../kernels/hash.ts';
import type { OptionSpec } from '../command.ts';
import type { Flags } from '../flags.ts';
import { NothingFound } from '../nothing-found.ts';
import { describeQuestion, type Question, tuneCommand } from '../questions.ts';
import type { Session } from '../session.ts';
import { readingIfThere } from '../stores.ts';
import type { GlobalOption } from './global.ts';

export const configOption = Object.freeze({
  config: {
    kind: 'text',
    describe: 'default, or best: the best known of the store',
    otherwise: 'default',
    group: 'What:',
  },
} as const satisfies Record<string, OptionSpec>);

/** What `--set` departs from. Throws NothingFound where no best is known. */
export async function preferredConfiguration(
  question: Question,
  flags: Flags<'config' | GlobalOption>,
  session: Session,
): Promise<Configuration> {
  const { kernel, target } = question;
  if (flags.oneOf('config', ['default', 'best'], 'default') === 'default') {
    return target.defaultConfiguration(kernel, target.space(kernel));
  }
  const best = await readingIfThere(flags, session, undefined, (store) =>
    store.best({ kernel: { hash: kernelHash(kernel) }, target: { fingerprint: target.fingerprint } }),
  );
  if (best !== undefined) return best.configuration;
  throw new NothingFound(
    `no best is known of ${describeQuestion(question)}; find one with \`${tuneCommand(question)}\``,
  );
}

/** `--set threads=4`, several. Throws InputError where a parameter is set twice. */
export function parseAssignments(
  texts: readonly string[],
  { parameters }: SearchSpace,
): Readonly<Record<string, Value>> {
  const given: Record<string, Value> = {};
  for (const text of texts) {
    const { name, value } = parseAssignment(text, parameters);
    if (Object.hasOwn(given, name)) throw new InputError('--set', `sets ${name} more than once`);
    given[name] = value;
  }
  return given;
}
