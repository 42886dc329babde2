import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/cli/commands/index.ts';
import { exporters } from '../src/exporters/registry.ts';
import { libraryKernels } from '../src/kernels/library.ts';
import { strategies } from '../tuner/strategies/registry.ts';

/** The names in backquotes in the first cells of a page's tables. */
function rowsOf(page: string): ReadonlySet<string> {
  const text = readFileSync(new URL(`../docs/${page}.md`, import.meta.url), 'utf8');
  const cells = text.split('\n').flatMap((line) => (line.startsWith('|') ? [line.split('|')[1]] : []));
  return new Set(cells.flatMap((cell) => [...cell.matchAll(/`([\w-]+)/g)].map(([, name]) => name)));
}

describe('the tables of docs', () => {
  it.each([
    ['kernels', libraryKernels.map(({ name }) => name)],
    ['search', strategies.map(({ name }) => name)],
    ['exports', exporters.map(({ name }) => name)],
    ['cli', commands.map(({ usage }) => usage.split(' ')[0])],
  ])('%s.md has a row for each entry of its registry', (page, names) => {
    const rows = rowsOf(page);
    expect(names.filter((name) => !rows.has(name))).toEqual([]);
  });
});
