import { expect, it } from 'vitest';
import { splitWords } from './split-words.ts';

it.each([
  ['./check.sh {tile}', ['./check.sh', '{tile}']],
  [`a 'b c' "d 'e'" f'g 'h`, ['a', 'b c', "d 'e'", 'fg h']],
  [`a '' b`, ['a', '', 'b']],
  ['$HOME *.c `id`', ['$HOME', '*.c', '`id`']],
])('splits %j as people mean it, expanding nothing', (text, words) => {
  expect(splitWords('--check', text)).toEqual(words);
});

it('refuses a quote that does not end, and no word at all', () => {
  expect(() => splitWords('--check', "a 'b")).toThrow("--check: the quote ' does not end");
  expect(() => splitWords('--check', ' ')).toThrow('--check: names no program');
});
