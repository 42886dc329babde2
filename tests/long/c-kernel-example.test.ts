// The C example and the pages that show it: tuned from nothing, exported, built by CMake, and tested.
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { studyDocumentSchema, tunedShapesDocumentSchema } from '../../src/documents/findings.ts';
import { BINARY, ended, start, temporaryFolder } from '../cli/command-line.fixture.ts';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const hasAll = (...tools: readonly string[]): boolean =>
  tools.every((tool) => spawnSync(tool, ['--version']).error === undefined);

const folder = temporaryFolder();
const at = (name: string): string => join(folder.path, 'c-kernel', name);
beforeAll(() => cpSync(join(CHECKOUT, 'examples/c-kernel'), at(''), { recursive: true }));
afterAll(folder.remove);

const textOf = (page: string): string => readFileSync(join(CHECKOUT, page), 'utf8');
/** The blocks of code in a text. */
const blocksIn = (text: string): readonly string[] =>
  [...text.matchAll(/```\w*\n([\s\S]*?)```/g)].map(([, block]) => block.trimEnd());
/** The lines of a block that are commands of nightshift, as words; only quotes keep words together. */
const commandsIn = (block: string): readonly (readonly string[])[] =>
  [...block.replaceAll('\\\n', ' ').matchAll(/npx nightshift (.*)/g)].map(([, line]) =>
    [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare),
  );
const example = commandsIn(textOf('examples/c-kernel/README.md'));
const page = commandsIn(blocksIn(textOf('docs/c-kernels.md'))[0]);

/** A command with another budget, and with its document as output. */
const nightshift = (words: readonly string[], budget: string, cwd = at('')) => {
  const [command, ...options] = words.map((word) => (/^\d+s$/.test(word) ? budget : word));
  const format = command === 'tune' ? ['--quiet', '--format', 'json'] : [];
  return ended(start([command, ...format, ...options], { cwd }));
};

const ci = () => {
  const env = { ...process.env, NIGHTSHIFT: `${process.execPath} ${BINARY}` };
  const { status, stdout, stderr } = spawnSync('./ci.sh', { cwd: at(''), env, encoding: 'utf8' });
  return { status, said: stdout + stderr };
};

it('the example says the same commands as its page', () => {
  expect(example.map(([command]) => command)).toEqual(['tune', 'export']);
  expect(page).toEqual(example);
});

it('the page shows lines of the kernel as they are', () => {
  const [, block = ''] = /```c\n([\s\S]*?)```/.exec(textOf('docs/c-kernels.md')) ?? [];
  expect(block.length).toBeGreaterThan(50);
  expect(textOf('examples/c-kernel/gemm.c')).toContain(block);
});

it('the committed files are what the committed store says', async () => {
  const { code, stdout, stderr } = await nightshift([...example[1], '--check'], '');
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '2 files up to date\n', stderr: '' });
});

describe.skipIf(!hasAll('cc', 'cmake'))('the C example (skipped where cc or cmake is absent)', () => {
  it('is tuned from nothing, exported, built and tested', async () => {
    for (const name of ['tuned', 'tuned.db']) rmSync(at(name), { recursive: true });
    const tuned = await nightshift(example[0], '20s');
    expect({ code: tuned.code, stderr: tuned.stderr }).toEqual({ code: 0, stderr: '' });
    const { studies } = tunedShapesDocumentSchema.parse(JSON.parse(tuned.stdout));
    expect(
      studies.map(({ study }) => `${study.kernel} ${study.shape} ${study.dtype} ${study.target}`),
    ).toEqual(['gemm 512x512x64 f32 desk', 'gemm 384x384x384 f32 desk']);
    for (const { trials, best } of studies) {
      expect(trials.timed).toBeGreaterThan(0);
      expect(trials.invalid).toMatchObject({ compile: 0, runtime: 0, correctness: 0 });
      expect(Object.keys(best?.configuration ?? {})).toEqual(['vectorBytes', 'threads', 'rows', 'vectors']);
    }
    expect((await nightshift(example[1], '')).code).toBe(0);
    const { status, said } = ci();
    expect(said).toContain('100% tests passed');
    expect(status).toBe(0);
  });

  it('fails its CI if the header does not match the store', () => {
    writeFileSync(at('tuned/desk.h'), '/* by hand */\n');
    const { status, said } = ci();
    expect({ status, said }).toEqual({ status: 1, said: expect.stringContaining('desk.h different') });
  });
});

/** The blocks under a heading of docs/devices.md. */
const blocksUnder = (heading: string): readonly string[] =>
  blocksIn(textOf('docs/devices.md').split(`## ${heading}`)[1].split('\n## ')[0]);

describe('how much must be written', () => {
  const [marks, command, space, lines, build] = blocksUnder('How much to write');

  it('is at most ten lines, as docs/devices.md counts', () => {
    const counts = [marks, command, space, lines, build].map((text) => text.split('\n').length);
    expect(counts).toEqual([6, 1, 4, 3, 3]);
  });

  it.skipIf(!hasAll('cc'))(
    'is not more, with marks or with a space (skipped where there is no cc)',
    async () => {
      const kernel = 'for (volatile int i = 0; i < 4096; i += TILE) sum += i % UNROLL;';
      writeFileSync(
        join(folder.path, 'blur.c'),
        `${marks}\nint blur(void) { int sum = 0; ${kernel} return sum; }\n`,
      );
      writeFileSync(join(folder.path, 'space.json'), space);
      const main = `#include <stdio.h>\n#include <time.h>\nstatic int kernel(void) { int sum = 0; ${kernel} return sum; }\n`;
      writeFileSync(join(folder.path, 'kernel.c'), `${main}int main(void) {\n${lines}\n}\n`);
      for (const written of [command, build]) {
        const [words] = commandsIn(written);
        const { code, stdout, stderr } = await nightshift(words, '8s', folder.path);
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        expect(studyDocumentSchema.parse(JSON.parse(stdout)).trials.timed).toBeGreaterThan(0);
      }
    },
  );
});
