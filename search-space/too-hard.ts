import type { OutOfBounds } from './diagram/meter.ts';
import { namesIn } from './expression-parts.ts';
import { InputError } from './input-error.ts';
import type { SpaceDefinition } from './space-definition.ts';

const mostNamed = 3;
const longest = 80;
const help =
  'give these parameters fewer values, split the constraint into ones on fewer parameters, or compare sums and products with few values; docs/spaces.md says what is fast';

/** A space whose construction takes more work or memory than it may. */
export class TooHard extends InputError {}

/** What was too hard about a space, for people: the constraints, their parameters, how far it came, what helps. */
export function tooHard({ bound, most, stage }: OutOfBounds, definition: SpaceDefinition): TooHard {
  const { state, parameters, decided } = stage;
  const spent = bound === 'steps' ? `${counted(most)} steps` : `${counted(most / 2 ** 20)} MiB`;
  const far =
    state === 'ordering' ? 'no order of them was found' : `${decided} of ${parameters.length} were decided`;
  const who = culprits(stage, definition).map(shortened);
  const tied = listed(who.map((sentence) => `'${sentence}'`));
  const among = parameters.length === 0 ? 'the parameters' : listed(parameters);
  return new TooHard(
    'constraints',
    `too hard to count: ${tied || 'the constraints'} on ${among} took more than ${spent}, and ${far}`,
    help,
  );
}

/** The same where it was the time that ran out. Milliseconds. */
export function tooLong(mostMs: number): TooHard {
  return new TooHard('constraints', `too hard to count: the space took more than ${mostMs / 1000} s`, help);
}

/** The constraints that had to remember something: on decided and undecided parameters; else all of the group. */
function culprits(
  { parameters, decided }: OutOfBounds['stage'],
  { constraints }: SpaceDefinition,
): readonly string[] {
  const before = new Set(parameters.slice(0, decided));
  const after = new Set(parameters.slice(decided));
  const named = constraints.map(({ expression, sentence }) => ({ sentence, names: namesIn(expression) }));
  const open = named.filter(
    ({ names }) => names.some((name) => before.has(name)) && names.some((name) => after.has(name)),
  );
  const group = named.filter(({ names }) => names.some((name) => before.has(name) || after.has(name)));
  return (open.length > 0 ? open : group).map(({ sentence }) => sentence);
}

function listed(words: readonly string[]): string {
  if (words.length <= mostNamed + 1) return words.join(', ');
  return `${words.slice(0, mostNamed).join(', ')} and ${words.length - mostNamed} more`;
}

function shortened(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}

function counted(count: number): string {
  return Math.round(count).toLocaleString('en');
}
