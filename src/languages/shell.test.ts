import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitWords } from '../cli/split-words.ts';
import { knownNames } from './hostile.fixture.ts';
import { assignment, isAssignable, shellWord } from './shell.ts';
import { has, Workshop } from './tools.fixture.ts';

const SHELLS = ['sh', 'dash', 'bash', 'zsh'].filter((shell) => has(shell));
const workshop = new Workshop();

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

it.each(SHELLS)('%s reads any word unchanged', (shell) => {
  const words = knownNames.filter((name) => !name.includes('\0'));
  const script = `printf '%s\\0' ${words.map(shellWord).join(' ')}`;
  const { stdout, stderr } = workshop.perform(shell, '-c', script);
  expect({ stderr, words: stdout.split('\0').slice(0, -1) }).toEqual({ stderr: '', words });
  workshop.expectNothingDone();
});

const values = knownNames.filter(isAssignable);
const lines = values.map((value, place) => assignment(`N${place}`, value, 'it'));

it.each(SHELLS)('%s reads assignments correctly', (shell) => {
  const prints = values.map((_, place) => `printf '%s\\0' "$N${place}"`);
  const { stdout, stderr } = workshop.perform(shell, '-c', [...lines, ...prints].join('\n'));
  expect({ stderr, values: stdout.split('\0').slice(0, -1) }).toEqual({ stderr: '', values });
});

it.skipIf(!has('make'))('a make recipe reads them too (skipped where make is absent)', () => {
  const prints = values.map((_, place) => `\t@printf '%s\\0' $(N${place})`);
  workshop.put('values.env', `${lines.join('\n')}\n`);
  workshop.put('Makefile', `include values.env\nall:\n${prints.join('\n')}\n`);
  const { stdout, stderr } = workshop.perform('make', '-s');
  expect({ stderr, values: stdout.split('\0').slice(0, -1) }).toEqual({ stderr: '', values });
});

it.each(['$x', '$(shell touch x)', 'a#b', 'a\nb', '\u001b[2J', '\u202ea'])(
  'refuses to assign %j',
  (value) => {
    expect(() => assignment('N', value, "parameter 'n'")).toThrow("env: parameter 'n' is");
  },
);
