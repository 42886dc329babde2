import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const MODULES = 40;

let checkout: string;
const at = (path: string): string => join(checkout, path);

function write(path: string, text: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
}

/** Builds a small checkout once: a program that adds up the numbers in its modules and a JSON file. */
beforeAll(async () => {
  checkout = mkdtempSync(join(tmpdir(), 'nightshift-build-'));
  for (const file of ['scripts/build.mjs', 'tsconfig.json', 'tsconfig.build.json']) {
    cpSync(join(repository, file), at(file));
  }
  write('package.json', '{ "type": "module" }');
  mkdirSync(at('node_modules'));
  for (const name of ['typescript', 'better-sqlite3', '@types']) {
    symlinkSync(join(repository, 'node_modules', name), at(`node_modules/${name}`));
  }
  for (const folder of ['search-space', 'store', 'tuner']) mkdirSync(at(folder));
  const names = Array.from({ length: MODULES }, (_, index) => `n${index}`);
  for (const name of names) write(`src/numbers/${name}.ts`, `export const ${name}: number = 1;\n`);
  write('src/more.json', '2');
  write(
    'src/cli/main.ts',
    [
      "import { readFileSync } from 'node:fs';",
      ...names.map((name) => `import { ${name} } from '../numbers/${name}.ts';`),
      "const more = Number(readFileSync(new URL('../more.json', import.meta.url), 'utf8'));",
      `console.log(${names.join(' + ')} + more);`,
    ].join('\n'),
  );
  expect(await build()).toEqual({ code: 0, said: '' });
});

afterAll(() => rmSync(checkout, { recursive: true, force: true }));

type Ended = Readonly<{ code: number | null; said: string }>;

async function ended(child: ChildProcess): Promise<Ended> {
  let said = '';
  child.stdout?.on('data', (text) => {
    said += text;
  });
  child.stderr?.on('data', (text) => {
    said += text;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, said };
}

const build = (): Promise<Ended> => ended(spawn(process.execPath, [at('scripts/build.mjs')]));
const command = (): Promise<Ended> => ended(spawn(process.execPath, [at('dist/src/cli/main.js')]));
const WORKED: Ended = { code: 0, said: `${MODULES + 2}\n` };

/** The files of dist/ with their inode and time, which change if a build touches them. */
function builtFiles(): Map<string, string> {
  const entries = readdirSync(at('dist'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    files.map((file) => {
      const { ino, mtimeMs } = statSync(file);
      return [file, `${ino} ${mtimeMs}`];
    }),
  );
}

/** Starts commands one after another until the builds have ended. */
async function commandsDuring(builds: Promise<readonly Ended[]>): Promise<Ended[]> {
  let building = true;
  const done = builds.finally(() => {
    building = false;
  });
  const results: Ended[] = [];
  do results.push(await command());
  while (building);
  expect(await done).toEqual([
    { code: 0, said: '' },
    { code: 0, said: '' },
  ]);
  return results;
}

describe('the build', () => {
  test('makes a program that runs and is linked for npx', async () => {
    expect(await command()).toEqual(WORKED);
    expect(readlinkSync(at('node_modules/.bin/nightshift'))).toBe('../../dist/src/cli/main.js');
    expect(statSync(at('dist/src/cli/main.js')).mode & 0o111).toBe(0o111);
  });

  test('lets commands start while two builds run, and does not touch files that are up to date', async () => {
    const before = builtFiles();
    rmSync(at('.build'), { recursive: true });
    for (const result of await commandsDuring(Promise.all([build(), build()]))) {
      expect(result).toEqual(WORKED);
    }
    expect(builtFiles()).toEqual(before);
  });

  test('lets commands start while two builds replace their modules', async () => {
    for (let index = 0; index < MODULES; index += 1) {
      write(
        `src/numbers/n${index}.ts`,
        `export const n${index}: number = 1;\nexport const text = '${'x'.repeat(100_000)}';\n`,
      );
    }
    for (const result of await commandsDuring(Promise.all([build(), build()]))) {
      expect(result).toEqual(WORKED);
    }
    expect(readFileSync(at('dist/src/numbers/n0.js'), 'utf8')).toContain('xxx');
  });

  test('replaces changed files only, and removes files without a source', async () => {
    write('src/old.ts', 'export const old = 1;\n');
    write('src/old.sql', 'select 1;');
    await build();
    const before = builtFiles();
    rmSync(at('src/old.ts'));
    rmSync(at('src/old.sql'));
    write('src/more.json', '3');
    const open = openSync(at('dist/src/more.json'), 'r');
    await build();
    expect(readFileSync(open, 'utf8')).toBe('2'); // After a rename, open handles still read the old file.
    closeSync(open);
    expect((await command()).said).toBe(`${MODULES + 3}\n`);
    const after = builtFiles();
    expect(existsSync(at('dist/src/old.js'))).toBe(false);
    expect(existsSync(at('dist/src/old.sql'))).toBe(false);
    const changed = [...before.keys()].filter((file) => after.get(file) !== before.get(file)).sort();
    const old = ['old.d.ts', 'old.js', 'old.sql'].map((name) => at(`dist/src/${name}`));
    expect(changed).toEqual([at('dist/src/more.json'), ...old]);
  });

  test('keeps the last working dist/ if the sources have an error', async () => {
    const before = builtFiles();
    write('src/numbers/n0.ts', "export const n0: number = 'one';\n");
    const { code, said } = await build();
    expect(code).not.toBe(0);
    expect(said).toContain('n0.ts');
    expect(builtFiles()).toEqual(before);
    expect((await build()).code).not.toBe(0);
  });
});
