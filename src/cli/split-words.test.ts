import { expect, it } from 'vitest';
import { splitWords } from './split-words.ts';

it.each([
  ['./check.sh {tile}', ['./check.sh', '{tile}']],
  [`a 'b c' "d 'e'" f'g 'h`, ['a', 'b c', "d 'e'", 'fg h']],
  [`a '' b`, ['a', '', 'b']],
  ['$HOME *.c `id`', ['$HOME', '*.c', '`id`']],
  [`mail -s 'all done' "it's \\"x\\""`, ['mail', '-s', 'all done', `it's "x"`]],
  ['a\\ b  $HOME;rm', ['a b', '$HOME;rm']],
  [`--title='night shift'`, ['--title=night shift']],
])('splits %j at blanks outside quotes, without expansions', (text, words) => {
  expect(splitWords('--check', text)).toEqual(words);
});

it.each([`a 'b`, 'a "b', `'a' 'b' '`])('refuses %j, whose quote does not end', (text) => {
  expect(() => splitWords('--check', text)).toThrow(/^--check: .* has a quote that does not end/);
});

it.each(['', '  '])('refuses %j, which has no word', (text) => {
  expect(() => splitWords('--check', text)).toThrow('--check: names no program');
});
