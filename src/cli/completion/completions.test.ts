import { expect, it } from 'vitest';
import { commands } from '../commands/index.ts';
import { completionsOf, meantByTyped } from './completions.ts';

const known = async () => ({ kernels: ['my-gelu', 'no $(word)', 'mine (imported a106)'], studies: ['1a2b'] });
const after = (...words: readonly string[]) => completionsOf(words, commands, known);

const CASES: readonly (readonly [words: readonly string[], offers: readonly string[]])[] = [
  [['sc'], ['scaling']],
  [['st'], ['status', 'stop', 'store', 'studies']],
  [
    ['tune', 'gelu'],
    ['gelu', 'gelu-tanh'],
  ],
  [['tune', '--quiet', 'softm'], ['softmax']],
  [['kernel', 's'], ['show']],
  [['lock', ''], ['check']],
  [['space', 'axp'], ['axpy']],
  [['tune', 'gelu', '--dry'], ['--dry-run']],
  [['kernel', 'show', 'axp'], ['axpy']],
  [
    ['store', ''],
    ['gc', 'merge'],
  ],
  [['tune', 'gelu', '--tar'], ['--target']],
  [
    ['tune', 'gelu', '--target', 'hexagon-v7'],
    ['v73', 'v75', 'v79'].flatMap((name) => [`hexagon-${name}`, `hexagon-${name}-compiled`]),
  ],
  [
    ['tune', 'gelu', '-t', 'hexagon-m'],
    ['hexagon-mlir', 'hexagon-mlir-beyond', 'hexagon-mlir-beyond-compiled', 'hexagon-mlir-compiled'],
  ],
  [['tune', '--target', 'hexagon-v75', 'axp'], ['axpy']],
  [['tune', 'gelu', '--format', 'j'], ['json']],
  [['trials', '--format', 'c'], ['csv']],
  [
    ['simulate', 'gelu', '--config', ''],
    ['best', 'default'],
  ],
  [
    ['completion', ''],
    ['bash', 'zsh'],
  ],
];

it.each(CASES)('%j', async (words, offers) => {
  expect(await after(...words)).toEqual(offers);
});

it('takes what follows = for a value, as bash splits words', async () => {
  expect(await after('tune', '--target', '=', 'hexagon-mlir-')).toEqual([
    'hexagon-mlir-beyond',
    'hexagon-mlir-beyond-compiled',
    'hexagon-mlir-compiled',
  ]);
  expect(await after('tune', '--target', '=')).toContain('hexagon-v75');
});

it('offers an option once, unless it may be given again', async () => {
  expect(await after('tune', '--fix', 'threads=4', '--fix')).toEqual(['--fix']);
  expect(await after('tune', '--trials', '9', '--tri')).toEqual([]);
});

it('leaves numbers, files and what follows -- to the shell', async () => {
  expect(await after('tune', 'gelu', '--trials', '')).toEqual([]);
  expect(await after('submit', '')).toEqual([]);
  expect(await after('tune', '--target', 'command', '--', 'ge')).toEqual([]);
});

it('offers what the store knows, but no name that a shell would obey', async () => {
  expect(await after('trials', '--study', '')).toEqual(['1a2b']);
  expect(await after('tune', 'my')).toEqual(['my-gelu']);
  expect(await after('best', meantByTyped('mine\\ \\(im'))).toEqual(['mine (imported a106)']);
  expect(await after('best', meantByTyped("'mine ("))).toEqual(['mine (imported a106)']);
  expect(await after('tune', 'no')).toEqual([]);
});
