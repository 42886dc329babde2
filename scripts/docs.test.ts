import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/cli/commands/index.ts';
import { exporters } from '../src/exporters/registry.ts';
import { libraryKernels } from '../src/kernels/library.ts';
import { strategies } from '../tuner/strategies/registry.ts';

const ROOT = new URL('../', import.meta.url);
const textOf = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');
const pagesIn = (folder: string) =>
  readdirSync(new URL(folder, ROOT)).flatMap((file) => (file.endsWith('.md') ? [file.slice(0, -3)] : []));
const pages = pagesIn('docs/');

/** The names in backquotes in the first cells of a page's tables. */
function rowsOf(page: string): ReadonlySet<string> {
  const cells = textOf(`docs/${page}.md`)
    .split('\n')
    .flatMap((line) => (line.startsWith('|') ? [line.split('|')[1]] : []));
  return new Set(cells.flatMap((cell) => [...cell.matchAll(/`([\w@-]+)/g)].map(([, name]) => name)));
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

describe('the pages of docs', () => {
  it.each(pages)('%s.md is linked by the README', (page) => {
    expect(textOf('README.md')).toContain(`](docs/${page}.md)`);
  });

  it.each(pagesIn('docs/notes/'))('notes/%s.md and its guide link each other', (page) => {
    expect(textOf(`docs/${page}.md`)).toContain(`](notes/${page}.md`);
    expect(textOf(`docs/notes/${page}.md`)).toContain(`](../${page}.md`);
  });

  it.each([
    ...pages.map((page) => `docs/${page}.md`),
    ...pagesIn('docs/notes/').map((page) => `docs/notes/${page}.md`),
  ])('%s links to headings that are there', (path) => {
    const missing = [...textOf(path).matchAll(/\]\(([\w./-]*)#([\w-]+)\)/g)].filter(
      ([, file, anchor]) =>
        !headingsOf(new URL(file || path.replace(/.*\//, ''), new URL(path, ROOT))).has(anchor),
    );
    expect(missing.map(([link]) => link)).toEqual([]);
  });
});

/** The anchors of a page's headings, as GitHub makes them. */
function headingsOf(page: URL): ReadonlySet<string> {
  const titles = readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...titles].map(([, title]) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
