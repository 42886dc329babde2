import { expect, it } from 'vitest';
import { CODE_OPTION_NAMES, CODE_OPTIONS, type HexagonCode, hexagonCodeOf } from './code.ts';
import { codeEffectsFrom, effectNotes, type MadeCode, optionEffects } from './option-effects.ts';

type Options = HexagonCode['options'] & Readonly<{ unroll: number }>;

/** Codes of two interleavings with all values of some options. */
function codesWith(
  instructions: (options: Options) => string,
  names: readonly (keyof typeof CODE_OPTIONS)[] = ['floats', 'vectorCombine'],
  vectorBytes = 128,
): readonly MadeCode[] {
  let members: Record<string, string | number>[] = [1, 2].map((unroll) => ({ vectorBytes, unroll }));
  for (const name of names)
    members = members.flatMap((one) => CODE_OPTIONS[name].values.map((value) => ({ ...one, [name]: value })));
  return members.map((member) => {
    const code = hexagonCodeOf(member, 'newton');
    return { code, instructions: instructions({ ...code.options, unroll: code.unroll }) };
  });
}

const notesOf = (made: readonly MadeCode[]) => effectNotes(optionEffects(made));

it('tells an option that changed nothing, by pairs', () => {
  const notes = notesOf(codesWith(({ unroll, floats }) => `${unroll} ${floats}`));
  expect(notes).toEqual([
    'vectorCombine changed nothing in the compiled code of 4 of 4 pairs that differ in nothing else.',
  ]);
  const some = notesOf(
    codesWith(
      ({ unroll, floats, vectorCombine }) => `${unroll} ${floats} ${unroll === 1 && vectorCombine === 'on'}`,
    ),
  );
  expect(some).toEqual([
    'vectorCombine changed nothing in the compiled code of 2 of 4 pairs that differ in nothing else.',
  ]);
});

it.each(
  CODE_OPTION_NAMES.flatMap((one, n) => CODE_OPTION_NAMES.slice(n + 1).map((two) => [one, two] as const)),
)('tells two options that change code only together as a pair: %s and %s', (one, two) => {
  const [first, second] = [CODE_OPTIONS[one].values[1], CODE_OPTIONS[two].values[1]];
  const both = codesWith(
    (options) => `${options.unroll} ${options[one] === first && options[two] === second}`,
    [one, two],
  );
  expect(notesOf(both)).toEqual([
    `${one} changed nothing in the compiled code of 2 of 4 pairs that differ in nothing else.`,
    `${two} changed nothing in the compiled code of 2 of 4 pairs that differ in nothing else.`,
    `${one} and ${two} changed the compiled code only together in 2 of 2 cases: what they gain there, they gain as a pair.`,
  ]);
});

it('tells nothing where each option changes all, of scalar code, and of code that was not made', () => {
  const own = ({ unroll, floats, vectorCombine }: Options) => `${unroll} ${floats} ${vectorCombine}`;
  expect(notesOf(codesWith(own))).toEqual([]);
  expect(notesOf(codesWith(() => 'same', ['floats'], 0))).toEqual([]);
  expect(notesOf(codesWith(() => 'same').slice(0, 1))).toEqual([]);
});

it('says of how many codes it is unknown what an option changes, and then nothing of its gain', () => {
  const made = codesWith(({ floats }) => floats, ['floats', 'vectorCombine', 'pipeliner']).slice(0, -1);
  expect(notesOf(made)).toEqual([
    'vectorCombine changed nothing in the compiled code of 7 of 7 pairs that differ in nothing else; what it changes in 1 more code is unknown, as no other was compiled to compare.',
    'pipeliner changed nothing in the compiled code of 7 of 7 pairs that differ in nothing else; what it changes in 1 more code is unknown, as no other was compiled to compare.',
  ]);
  expect(codeEffectsFrom(optionEffects(made))).toMatchObject({ idle: [], bound: [] });
});

it('says of which parameter no difference in time can be, and which gain only as a pair', () => {
  const effectsOf = (made: readonly MadeCode[]) => codeEffectsFrom(optionEffects(made));
  const names = ['floats', 'vectorCombine', 'pipeliner'] as const;
  expect(effectsOf(codesWith(({ floats }) => floats, names))).toMatchObject({
    idle: ['vectorCombine', 'pipeliner'],
    bound: [],
  });
  const both = codesWith(
    ({ floats, vectorCombine }) => `${floats === 'qfloat' && vectorCombine === 'off'}`,
    names,
  );
  expect(effectsOf(both)).toMatchObject({
    idle: ['pipeliner'],
    bound: [
      ['floats', 'vectorCombine'],
      ['vectorCombine', 'floats'],
    ],
  });
  // One that changes code alone elsewhere has a share of its own.
  const one = codesWith(
    ({ floats, vectorCombine, unroll }) =>
      `${floats === 'qfloat' && (unroll === 2 || vectorCombine === 'off')}`,
    names,
  );
  expect(effectsOf(one)).toMatchObject({ idle: ['pipeliner'], bound: [['vectorCombine', 'floats']] });
});
