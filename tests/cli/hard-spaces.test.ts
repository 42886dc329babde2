import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ended, start, temporaryFolder, untilSaid } from './command-line.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const parametersOf = (count: number, values: readonly number[]) =>
  Array.from({ length: count }, (_, i) => ({ name: `p${i}`, values }));
const joined = (count: number, sign: string) =>
  upTo(count)
    .map((i) => `p${i - 1}`)
    .join(sign);

function tuning(name: string, parameters: readonly object[], constraints: readonly string[]) {
  const file = join(folder.path, `${name}.json`);
  writeFileSync(file, JSON.stringify({ parameters, constraints }));
  const words = ['tune', '--space', file, '--target', 'command', '--trials', '2', '--seed', '1'];
  const program = ['--', 'sh', '-c', 'echo 1', 'sh', '{configuration}'];
  return start([...words, '--store', ':memory:', ...program], { cwd: folder.path });
}

const hard = () => tuning('hard', parametersOf(4, upTo(1000)), ['p0 * p1 == p2 * p3']);

describe('a space that is hard to count', { timeout: 60_000 }, () => {
  it.each([
    ['sum', parametersOf(32, upTo(8)), [`${joined(32, ' + ')} == 45`]],
    ['list', parametersOf(1, upTo(100_000)), []],
    ['remainder', parametersOf(3, upTo(1000)), ['p0 * p1 * p2 % 1009 == 1']],
    ['product', parametersOf(40, upTo(32)), [`${joined(40, ' * ')} <= 1000`]],
  ])('is tuned: %s', async (name, parameters, constraints) => {
    const { code, stdout } = await ended(tuning(name, parameters, constraints));
    expect(code).toBe(0);
    expect(stdout).toContain(`${name} on command`);
  });

  it('shows progress, and ends at the first Ctrl-C', async () => {
    const child = hard();
    const end = ended(child);
    await untilSaid(child, /counting the search space: \d of 4 parameters decided, \d+ % of the work limit/);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await end;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toContain('nightshift: interrupted while the search space was counted\n');
    expect(stderr).not.toContain('timed');
  });

  it('is refused in one sentence if it exceeds the limits', async () => {
    const { code, stdout, stderr } = await ended(
      tuning('pairs', parametersOf(2, upTo(100_000)), ['p0 < p1']),
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /nightshift: --space .*pairs\.json: constraints: too hard to count: 'p0 < p1' on p\d, p\d took more than 512 MiB, and \d of 2 were decided \(give these parameters fewer values, .*\)\n$/,
    );
  });
});
