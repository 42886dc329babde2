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

/** The words of the page's command; only quotes keep words together. */
function wordsOf(page: string): readonly string[] {
  const text = readFileSync(join(CHECKOUT, page), 'utf8');
  const [, command = ''] = /npx nightshift (tune --space [\s\S]*?)\n```/.exec(text) ?? [];
  return [...command.replaceAll('\\\n', ' ').matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, bare]) => quoted ?? bare,
  );
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

it('the example says the same command as its page', () => {
  expect(wordsOf('examples/c-kernel/README.md')).toEqual(wordsOf('docs/c-kernels.md'));
  expect(wordsOf('docs/c-kernels.md').length).toBe(15);
});

it.each([
  ['c\n', 'matmul.c'],
  ['sh\ncc ', 'measure.sh'],
])('the page shows lines of the example as they are: %j', (opening, file) => {
  const page = readFileSync(join(CHECKOUT, 'docs/c-kernels.md'), 'utf8');
  const block = page.split('```').find((part) => part.startsWith(opening)) ?? '';
  const [, ...rest] = block.split('\n');
  const lines = rest.map((line) => line.trim()).filter(Boolean);
  expect(lines.length).toBeGreaterThan(2);
  const source = readFileSync(join(CHECKOUT, 'examples/c-kernel', file), 'utf8');
  for (const line of lines) expect(source).toContain(line);
});

describe.skipIf(!hasCompiler)('the C example (skipped where there is no cc)', () => {
  it('is compiled, checked and tuned, and gets a ladder of vectors and threads', async () => {
    const { code, stdout } = await tune('command', '6s');
    expect(code).toBe(0);
    const { trials, ladder, gains, best } = studyDocumentSchema.parse(JSON.parse(stdout));
    expect(trials.timed).toBeGreaterThan(0);
    expect(trials.invalid).toMatchObject({ compile: 0, runtime: 0, correctness: 0 });
    expect(ladder?.map(({ rung }) => rung)).toEqual(['scalar', 'vec', 'vec+mt', 'vec+mt+db']);
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
  ])('has right results with vectorBytes=%i threads=%i rows=%i vectors=%i', (...values) => {
    const words = [...values.map(String), 'check'];
    const { status, stderr } = spawnSync('./measure.sh', words, { cwd: folder, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('ends with the compiler’s first error where a configuration does not compile', () => {
    const { status, stderr } = spawnSync('./measure.sh', ['16', '1', '5', '1'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/matmul\.c:.*error.*whole blocks/);
  });

  it('compiles again when the kernel has changed, and a kernel with wrong results cannot win', async () => {
    const kernel = join(folder, 'matmul.c');
    const text = readFileSync(kernel, 'utf8');
    writeFileSync(kernel, text.replace('k < K;', 'k < K - 1;'));
    const { code, stderr } = await tune('command:wrong', '20s');
    writeFileSync(kernel, text);
    expect(code).toBe(6);
    expect(stderr).toMatch(/8 of 8 said: the check: exit code 1: c\[0, 0\] is/);
  }, 120_000);
});
