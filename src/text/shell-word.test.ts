import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitWords } from '../cli/split-words.ts';
import { shellWord } from './shell-word.ts';

it.each([
  ['hexagon-v75', 'hexagon-v75'],
  ['64x16384', '64x16384'],
  ['NVIDIA A100', "'NVIDIA A100'"],
  ['', "''"],
  ['$(rm x)', "'$(rm x)'"],
])('writes %j as %s', (text, word) => {
  expect(shellWord(text)).toBe(word);
});

it('keeps any word without a single quote one word', () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !text.includes("'")),
      (text) => {
        expect(splitWords('x', shellWord(text))).toEqual([text]);
      },
    ),
  );
});
