import { expect, it } from 'vitest';
import type { HexagonCode } from './code.ts';
import { type MadeCode, optionNotes } from './option-effects.ts';

/** Codes of two interleavings with all values of both options. */
function codesWith(instructions: (code: HexagonCode) => string, vectorBytes = 128): readonly MadeCode[] {
  const all = [1, 2].flatMap((unroll) =>
    (['ieee', 'qfloat'] as const).flatMap((floats) =>
      [true, false].map(
        (vectorCombine): HexagonCode => ({
          vectorBytes,
          unroll,
          division: 'newton',
          floats,
          vectorCombine,
        }),
      ),
    ),
  );
  return all.map((code) => ({ code, instructions: instructions(code) }));
}

it('tells an option that changed nothing, by pairs', () => {
  const notes = optionNotes(codesWith(({ unroll, floats }) => `${unroll} ${floats}`));
  expect(notes).toEqual([
    'vectorCombine changed nothing in the compiled code of 4 of 4 pairs that differ in nothing else.',
  ]);
  const some = optionNotes(
    codesWith(({ unroll, floats, vectorCombine }) => `${unroll} ${floats} ${unroll === 1 && vectorCombine}`),
  );
  expect(some).toEqual([
    'vectorCombine changed nothing in the compiled code of 2 of 4 pairs that differ in nothing else.',
  ]);
});

it('tells two options that change code only together as a pair', () => {
  const both = codesWith(
    ({ unroll, floats, vectorCombine }) => `${unroll} ${floats === 'qfloat' && !vectorCombine}`,
  );
  expect(optionNotes(both)).toEqual([
    'floats changed nothing in the compiled code of 2 of 4 pairs that differ in nothing else.',
    'vectorCombine changed nothing in the compiled code of 2 of 4 pairs that differ in nothing else.',
    'floats and vectorCombine changed the compiled code only together in 2 of 2 cases: what they gain there, they gain as a pair.',
  ]);
});

it('tells nothing where each option changes all, of scalar code, and of code that was not made', () => {
  const own = ({ unroll, floats, vectorCombine }: HexagonCode) => `${unroll} ${floats} ${vectorCombine}`;
  expect(optionNotes(codesWith(own))).toEqual([]);
  expect(optionNotes(codesWith(() => 'same', 0))).toEqual([]);
  expect(optionNotes(codesWith(() => 'same').slice(0, 1))).toEqual([]);
});
