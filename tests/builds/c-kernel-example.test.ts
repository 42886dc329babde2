import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { studyDocumentSchema } from '../../src/documents/findings.ts';
import { ended, start } from '../cli/command-line.fixture.ts';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const hasCompiler = spawnSync('cc', ['--version']).error === undefined;

const folder = mkdtempSync(join(tmpdir(), 'nightshift-c-kernel-'));
cpSync(join(CHECKOUT, 'examples/c-kernel'), folder, {
  recursive: true,
  filter: (from) => !/\/build$|\.db$/.test(from),
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The words of a command; only quotes keep words together. */
function wordsIn(command: string): readonly string[] {
  const words = command.replaceAll('\\\n', ' ').matchAll(/'([^']*)'|(\S+)/g);
  return [...words].map(([, quoted, bare]) => quoted ?? bare);
}

const textOf = (page: string): string => readFileSync(join(CHECKOUT, page), 'utf8');

/** The words of the page's command. */
function wordsOf(page: string): readonly string[] {
  const [, command = ''] = /npx nightshift (tune --space [\s\S]*?)\n```/.exec(textOf(page)) ?? [];
  return wordsIn(command);
}

/** The page's command with a smaller budget, and its document. */
const tune = (target: string, budget: string) => {
  const words = wordsOf('docs/c-kernels.md').map(
    (word) => ({ command: target, '40s': budget })[word] ?? word,
  );
  return ended(
    start([...words.slice(0, 1), '--quiet', '--format', 'json', ...words.slice(1)], { cwd: folder }),
  );
};

/** The page's build and program with these values, run by hand in a folder. */
function byHand(values: Readonly<Record<string, number>>) {
  const build = mkdtempSync(join(folder, 'by-hand-'));
  const words = wordsOf('docs/c-kernels.md');
  const filled = (words[words.indexOf('--build') + 1] ?? '').replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    name === 'build' ? build : String(values[name]),
  );
  const [compiler, ...options] = filled.split(/\s+/);
  const compiled = spawnSync(compiler, options, { cwd: folder, encoding: 'utf8' });
  return compiled.status === 0 ? spawnSync(join(build, 'matmul'), ['check'], { encoding: 'utf8' }) : compiled;
}

it('the example says the same command as its page', () => {
  expect(wordsOf('examples/c-kernel/README.md')).toEqual(wordsOf('docs/c-kernels.md'));
  expect(wordsOf('docs/c-kernels.md').length).toBe(13);
});

it('the page shows lines of the kernel as they are', () => {
  const block =
    textOf('docs/c-kernels.md')
      .split('```')
      .find((part) => part.startsWith('c\n')) ?? '';
  const lines = block
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter(Boolean);
  expect(lines.length).toBeGreaterThan(2);
  const source = textOf('examples/c-kernel/matmul.c');
  for (const line of lines) expect(source).toContain(line);
});

/** The three blocks under the heading: a space, lines of C, a command. */
const tenLines = () => {
  const [, section = ''] = textOf('docs/devices.md').split('## How much to write');
  return [...section.split('\n## ')[0].matchAll(/```\w*\n([\s\S]*?)```/g)].map(([, text]) => text.trimEnd());
};

it('a kernel of one’s own takes ten lines', () => {
  expect(tenLines().map((text) => text.split('\n').length)).toEqual([4, 3, 3]);
});

describe.skipIf(!hasCompiler)('the C example (skipped where there is no cc)', () => {
  it('is compiled, checked and tuned, and gets a ladder of vectors and threads', async () => {
    const { code, stdout } = await tune('command', '6s');
    expect(code).toBe(0);
    const { trials, ladder, gains, best } = studyDocumentSchema.parse(JSON.parse(stdout));
    expect(trials.timed).toBeGreaterThan(0);
    expect(trials.invalid).toMatchObject({ compile: 0, runtime: 0, correctness: 0 });
    expect(ladder?.map(({ rung }) => rung)).toEqual(['scalar', 'vec', 'vec+mt']);
    expect(Object.keys(gains)).toEqual(expect.arrayContaining(['vec', 'mt']));
    expect(best?.configuration).toMatchObject({
      vectorBytes: expect.any(Number),
      threads: expect.any(Number),
    });
  }, 120_000);

  it.each([
    [0, 1, 1, 1],
    [16, 2, 4, 4],
    [64, 4, 8, 2],
  ])(
    'has right results with vectorBytes=%i threads=%i rows=%i vectors=%i',
    (vectorBytes, threads, rows, vectors) => {
      const { status, stderr } = byHand({ vectorBytes, threads, rows, vectors });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    },
  );

  it('says why a configuration does not compile', () => {
    const { status, stderr } = byHand({ vectorBytes: 16, threads: 1, rows: 5, vectors: 1 });
    expect(status).toBe(1);
    expect(stderr).toMatch(/matmul\.c:.*error.*whole blocks/);
  });

  it('takes no more than the ten lines of the page', async () => {
    const own = mkdtempSync(join(folder, 'ten-lines-'));
    const [space = '', lines = '', command = ''] = tenLines();
    writeFileSync(join(own, 'space.json'), space);
    const kernel = `#include <stdio.h>
#include <time.h>
static volatile int sum;
static void kernel(void) { for (int i = 0; i < 4096; i += TILE) sum += i % UNROLL; }
int main(void) {
${lines}
}
`;
    writeFileSync(join(own, 'kernel.c'), kernel);
    const words = wordsIn(command)
      .slice(2)
      .map((word) => (word === '20s' ? '4s' : word));
    const { code, stdout, stderr } = await ended(
      start([...words.slice(0, 1), '--quiet', '--format', 'json', ...words.slice(1)], { cwd: own }),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { trials, best } = studyDocumentSchema.parse(JSON.parse(stdout));
    expect(trials.invalid).toMatchObject({ compile: 0, runtime: 0 });
    expect(best?.timeUs).toBeGreaterThan(0);
  }, 60_000);

  it('builds again when the kernel has changed, and a kernel with wrong results cannot win', async () => {
    const kernel = join(folder, 'matmul.c');
    const text = readFileSync(kernel, 'utf8');
    writeFileSync(kernel, text.replace('k < K;', 'k < K - 1;'));
    const { code, stderr } = await tune('command:wrong', '20s');
    writeFileSync(kernel, text);
    expect(code).toBe(6);
    expect(stderr).toMatch(/8 of 8 said: the check: exit code 1: c\[0, 0\] is/);
  }, 120_000);
});
