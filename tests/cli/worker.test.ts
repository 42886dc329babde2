import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
beforeAll(() =>
  writeFileSync(
    join(folder.path, 'mine.json'),
    JSON.stringify({ name: 'mine', parameters: [{ name: 'tile', values: [8, 16] }] }),
  ),
);

/** Nobody listens there: what is refused is refused before. */
async function worker(words: readonly string[], device = 'b'): Promise<string> {
  const line = ['worker', '--fleet', 'redis://127.0.0.1:1', '--device', device];
  const space = ['--space', join(folder.path, 'mine.json')];
  const { code, stderr } = await inProcess([...line, ...space, ...words], { PATH: process.env.PATH ?? '' });
  expect(code).not.toBe(0);
  return stderr;
}

it.each([
  [['--', 'echo', '1'], /has no \{tile\}/],
  [['--', 'echo', '{tile}', '{nope}'], /\{nope\} is not a parameter of the space/],
  [['--', './nothing-here.sh', '{tile}'], /--: there is no program '.\/nothing-here.sh'/],
  [['--', 'nothing-of-this-name', '{tile}'], /--: there is no program 'nothing-of-this-name'/],
  [['--check', 'nothing-of-this-name', '--', 'echo', '{tile}'], /--check: there is no program/],
  [['--shape', '4', '--', 'echo', '{tile}', '{shape.1}'], /\{shape.1\} is not in the shape 4/],
])('a worker is refused before it is ready: %j', async (words, message) => {
  expect(await worker(words)).toMatch(message);
});

it('a worker whose words take the shape of a job, or that has all it needs, gets as far as Redis', async () => {
  for (const words of [
    ['--', 'echo', '{tile}'],
    ['--', 'echo', '{tile}', '{shape.0}', '{shape.2}'],
  ])
    expect(await worker(words)).toMatch(/no Redis to use/);
});

it('a name that is too long is cut in the message, which says how long it may be', async () => {
  const said = await worker(['--', 'echo', '{tile}'], 'x'.repeat(300));
  expect(said).toMatch(/x…x.*at most 64/s);
  expect(said).not.toContain('x'.repeat(80));
});
