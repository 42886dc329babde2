import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { complaintsAbout } from './check.ts';
import type { House } from './house.ts';

const HOUSE: House = {
  floors: [['ground'], ['src/low'], ['src/kinds'], ['src/left', 'src/right'], ['scripts']],
  stairs: ['src'],
  kinds: ['src/kinds'],
  pure: ['ground'],
  doors: { yaml: 'src/left/', '@scope/': 'src/low/door.ts' },
  namesakes: ['scripts/'],
  sharedNames: ['sin'],
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'house-'));
  build({ 'ground/a.ts': '', 'src/low/a.ts': '', 'src/left/a.ts': '', 'scripts/a.ts': '' });
});
afterEach(() => rmSync(root, { recursive: true }));

function build(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function complaintsWith(files: Readonly<Record<string, string>>): readonly string[] {
  build(files);
  return complaintsAbout(root, HOUSE);
}

it('accepts imports that go down, and ignores comments and other strings', () => {
  const files = {
    'src/left/b.ts': "import { a } from '../low/a.ts';\nimport type { B } from '../../ground/a.ts';\n",
    'src/low/b.ts': [
      "// import { a } from '../left/a.ts';",
      "/* export { a } from '../left/a.ts'; */",
      "const glob = '**/*.ts';",
      "const text = 'taken from it'; const other = '../left/a.ts';",
    ].join('\n'),
    'scripts/b.ts': "import 'yaml';\nimport '../src/left/a.ts';\n",
  };
  expect(complaintsWith(files)).toEqual([]);
});

it.each([
  ['a value', "import { a } from '../left/a.ts';"],
  ['several lines', "import {\n  a,\n  type B,\n} from '../left/a.ts';"],
  ['a type', "import type { A } from '../left/a.ts';"],
  ['effects', "import '../left/a.ts';"],
  ['an export', "export { a } from '../left/a.ts';"],
  ['all of an export', "export * from '../left/a.ts';"],
  ['a type in a place', "type A = import('../left/a.ts').A;"],
  ['a dynamic import', "const load = async () => (await import('../left/a.ts')).a;"],
  ['double quotes', 'import { a } from "../left/a.ts";'],
])('finds an import that goes up: %s', (_, text) => {
  expect(complaintsWith({ 'src/low/b.ts': text })).toEqual([
    "src/low/b.ts imports '../left/a.ts', but imports go down only, and src/left stands above src/low.",
  ]);
});

it('finds a worker on a higher floor by the name of its compiled file', () => {
  const text = "new Worker(new URL('../left/a.js', import.meta.url));";
  expect(complaintsWith({ 'src/low/b.ts': text })).toEqual([
    "src/low/b.ts imports '../left/a.js', but imports go down only, and src/left stands above src/low.",
  ]);
});

it('finds imports of a page’s scripts', () => {
  const files = { 'src/low/assets/a.js': "import { a } from '../../left/a.js';", 'src/left/a.js': '' };
  expect(complaintsWith(files)).toEqual([
    "src/low/assets/a.js imports '../../left/a.js', but imports go down only, and src/left stands above src/low.",
  ]);
});

it('refuses imports between siblings and between kinds of a folder', () => {
  const files = {
    'src/right/a.ts': "import { a } from '../left/a.ts';",
    'src/kinds/_base.ts': '',
    'src/kinds/one/a.ts': "import type { A } from '../_base.ts';",
    'src/kinds/two/a.ts': "import { a } from '../one/a.ts';",
  };
  expect(complaintsWith(files)).toEqual([
    "src/kinds/two/a.ts imports '../one/a.ts', but two and one are two kinds of src/kinds, which do not import each other.",
    "src/right/a.ts imports '../left/a.ts', but src/right and src/left are siblings, which do not import each other.",
  ]);
});

it('requires every file to be on a floor', () => {
  expect(complaintsWith({ 'src/loose.ts': '', 'src/new/a.ts': '' })).toEqual([
    'src/loose.ts lies loose in src/: put it into a folder.',
    'src/new/a.ts stands on no floor: name its folder in scripts/check-house/house.ts.',
  ]);
});

it('allows a package at its door only, and no I/O or package in a pure folder', () => {
  const files = {
    'ground/b.ts': "import { readFileSync } from 'node:fs';",
    'src/low/b.ts': "import { parse } from 'yaml';\nimport 'yaml-other';\nimport 'zod';",
    'src/low/door.ts': "import '@scope/one';",
    'src/left/b.ts': "import { parse } from 'yaml';\nimport '@scope/one/part.js';",
  };
  expect(complaintsWith(files)).toEqual([
    "ground/b.ts imports 'node:fs', but ground has no I/O and no packages.",
    "src/left/b.ts imports '@scope/one/part.js', but that package enters at src/low/door.ts only.",
    "src/low/b.ts imports 'yaml', but that package enters at src/left/ only.",
  ]);
});

it('prints one shortest circle for each set of files that import each other', () => {
  const files = {
    'src/low/a.ts': "import type { B } from './b.ts';",
    'src/low/b.ts': "import { c } from './c.ts';\nimport { a } from './a.ts';",
    'src/low/c.ts': "const load = () => import('./a.ts');",
    'src/left/a.ts': "import { b } from './b.ts';",
    'src/left/b.ts': "import { c } from './c.ts';",
    'src/left/c.ts': "export type { A } from './a.ts';",
  };
  expect(complaintsWith(files)).toEqual([
    'A circle of imports: src/low/a.ts → src/low/b.ts → src/low/a.ts.',
    'A circle of imports: src/left/a.ts → src/left/b.ts → src/left/c.ts → src/left/a.ts.',
  ]);
});

it('allows a name to be exported once, except for roles, shared names and browser scripts', () => {
  const files = {
    'src/low/a.ts': 'export type Plan = 1;\nexport function sin() {}\nexport const plan = 1;\n',
    'src/left/a.ts': 'export class Plan {}\nexport const sin = 1;\nexport async function plan() {}\n',
    'src/left/both.ts': 'export const Both = 1;\nexport type Both = 1;\n',
    'src/left/page.js': 'export const plan = 1;',
    'scripts/a.ts': 'export const plan = 1;',
    'src/low/a.test.ts': 'export const plan = 1;',
  };
  expect(complaintsWith(files)).toEqual([
    'Plan is exported by src/left/a.ts and src/low/a.ts: a name has one meaning.',
    'plan is exported by src/left/a.ts and src/low/a.ts: a name has one meaning.',
  ]);
});

it('allows tests to import anything, and only tests to import test files', () => {
  const files = {
    'src/low/a.test.ts': "import { a } from '../left/a.ts';",
    'src/low/a.fixture.ts': '',
    'src/low/b.ts': "import { made } from './a.fixture.ts';",
  };
  expect(complaintsWith(files)).toEqual([
    "src/low/b.ts imports './a.fixture.ts', but only tests import test files.",
  ]);
});

it('reports missing files that a document names', () => {
  const text = [
    'Shown by `src/left/b.test.ts`, `src/left/`, `src/low/a.ts` and [more](more.md#part).',
    'Not ours: `usr/share/a.ts`, `src/<kind>/target.ts`, `a.ts`, <https://a.example/b.md>.',
  ].join('\n');
  expect(complaintsWith({ 'docs/page.md': text })).toEqual([
    'docs/page.md names src/left/b.test.ts, which is not there.',
    'docs/page.md names docs/more.md, which is not there.',
  ]);
  expect(complaintsWith({ 'docs/more.md': '', 'src/left/b.test.ts': '' })).toEqual([]);
  expect(complaintsWith({ 'docs/notes/page.md': 'See [the page](../page.md).' })).toEqual([]);
  expect(complaintsWith({ 'docs/notes/page.md': 'See [the page](page-2.md).' })).toEqual([
    'docs/notes/page.md names docs/notes/page-2.md, which is not there.',
  ]);
});
