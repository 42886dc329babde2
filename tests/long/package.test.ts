import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, temporaryFolder } from '../cli/command-line.fixture.ts';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const NAME = '@nightshift-tuner/nightshift';
const NO_NETWORK = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENOTCACHED|ETIMEDOUT|ENETUNREACH/;

const folder = temporaryFolder();
const user = join(folder.path, 'user');
let offline: string | undefined;

function run(program: string, words: readonly string[], cwd: string): Promise<Ended> {
  const { NIGHTSHIFT_STORE: _, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(program, words, { cwd, env, maxBuffer: 2 ** 24 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

async function packAndInstall(): Promise<void> {
  const packed = await run('npm', ['pack', '--silent', '--pack-destination', folder.path], CHECKOUT);
  expect(packed).toMatchObject({ code: 0 });
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), '{ "type": "module" }');
  const tarball = join(folder.path, readdirSync(folder.path).find((name) => name.endsWith('.tgz'))!);
  const words = ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', tarball];
  const installed = await run('npm', words, user);
  if (installed.code !== 0 && NO_NETWORK.test(installed.stderr)) offline = installed.stderr;
  else expect(installed).toMatchObject({ code: 0, stderr: '' });
}

/** Compiling SQLite takes minutes: the one of the checkout is the same. */
function takeBuiltSqlite(): void {
  const built = 'node_modules/better-sqlite3/build/Release/better_sqlite3.node';
  cpSync(join(CHECKOUT, built), join(user, built));
}

beforeAll(async () => {
  await packAndInstall();
  if (offline === undefined) takeBuiltSqlite();
});
afterAll(() => folder.remove());

describe('the package, installed from its tarball', () => {
  const installed = join(user, 'node_modules', NAME);

  test('runs by its short name where it is installed, and by its own name', async ({ skip }) => {
    skip(offline !== undefined, `no registry to install from: ${offline}`);
    const { code, stdout } = await run(
      'npx',
      ['--no', '--', 'nightshift', 'tune', 'gelu', '--trials', '20'],
      user,
    );
    expect(code).toBe(0);
    expect(stdout).toContain('gelu 1048576 f32 on hexagon-v75 (simulated)');
    expect(existsSync(join(user, 'nightshift.db'))).toBe(true);
    const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    const named = await run('npx', ['--no', '--', NAME, '--version'], user);
    expect(named).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('is imported with its types, as docs/package.md shows', async ({ skip }) => {
    skip(offline !== undefined, `no registry to install from: ${offline}`);
    const page = readFileSync(join(CHECKOUT, 'docs/package.md'), 'utf8');
    const programs = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, program]) => program);
    expect(programs.length).toBe(2);
    for (const [index, program] of programs.entries())
      writeFileSync(join(user, `example-${index}.ts`), program);
    const compilerOptions = { module: 'nodenext', target: 'es2023', strict: true, types: ['node'] };
    writeFileSync(join(user, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
    if (!existsSync(join(user, 'node_modules/@types/node')))
      symlinkSync(join(CHECKOUT, 'node_modules/@types/node'), join(user, 'node_modules/@types/node'));
    const tsc = join(CHECKOUT, 'node_modules/typescript/bin/tsc');
    expect(await run(process.execPath, [tsc, '-p', user], user)).toEqual({ code: 0, stdout: '', stderr: '' });
    const [kernel, space] = [0, 1].map((index) => run(process.execPath, [`example-${index}.js`], user));
    expect(await kernel).toMatchObject({ code: 0, stdout: expect.stringContaining('vectorBytes') });
    expect(await space).toMatchObject({ code: 0, stdout: expect.stringContaining('threads: 4') });
  });

  test('gives nothing but what its page describes', async ({ skip }) => {
    skip(offline !== undefined, `no registry to install from: ${offline}`);
    const inside = `import('${NAME}/dist/src/cli/main.js').catch(({ code }) => console.log(code))`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', inside], user);
    expect(stdout).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n');
  });

  test('holds no scripts, tests, or helpers and data of tests', ({ skip }) => {
    skip(offline !== undefined, `no registry to install from: ${offline}`);
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
    expect(files.length).toBeGreaterThan(500);
    const unwanted =
      /(^|\/)(scripts|tests|testdata|conformance)(\/|$)|\.(test|fixture|conformance)\.|(?<!\.d)\.ts$/;
    expect(files.filter((file) => unwanted.test(file))).toEqual([]);
  });
});

test('in a checkout npx runs what was built, and installs nothing', async () => {
  const cache = join(folder.path, 'cache');
  const words = ['--no', '--cache', cache, '--', 'nightshift', '--version'];
  const { code, stdout } = await run('npx', words, CHECKOUT);
  const { version } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8'));
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${version}\n` });
  expect(existsSync(join(cache, '_npx'))).toBe(false);
  expect(existsSync(join(CHECKOUT, 'bin'))).toBe(false);
});
