import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ended, start, temporaryFolder, untilSaid } from '../cli/command-line.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const parametersOf = (count: number, values: readonly number[]) =>
  Array.from({ length: count }, (_, i) => ({ name: `p${i}`, values }));
const joined = (count: number, sign: string) =>
  upTo(count)
    .map((i) => `p${i - 1}`)
    .join(sign);

function spaceFile(name: string, parameters: readonly object[], constraints: readonly string[]): string {
  const file = join(folder.path, `${name}.json`);
  writeFileSync(file, JSON.stringify({ parameters, constraints }));
  return file;
}

const PROGRAM = ['--target', 'command', '--', 'sh', '-c', 'echo 1', 'sh', '{configuration}'];

function tuning(
  name: string,
  parameters: readonly object[],
  constraints: readonly string[],
  steering: readonly string[] = [],
) {
  const words = ['tune', '--space', spaceFile(name, parameters, constraints), '--trials', '2', ...steering];
  return start([...words, '--store', ':memory:', ...PROGRAM], { cwd: folder.path });
}

describe('a space that is hard to count', () => {
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

  const thousands = parametersOf(4, upTo(1000));
  it.each([
    ['whole', () => tuning('hard', thousands, ['p0 * p1 == p2 * p3'])],
    ['as steering leaves it', () => tuning('steered', thousands, [], ['--forbid', 'p0 * p1 != p2 * p3'])],
  ])('shows progress, and ends at the first Ctrl-C: %s', async (_, begin) => {
    const child = begin();
    const end = ended(child);
    await untilSaid(child, /counting the search space: \d of 4 parameters decided, \d+ % of the work limit/);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await end;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toContain('nightshift: interrupted while the search space was counted\n');
    expect(stderr).not.toContain('timed');
  });

  it('may be easy until it is steered, and may make a configuration hard to complete', async () => {
    const parameters = parametersOf(4, upTo(64));
    const steered = ['space', spaceFile('easy', parameters, []), '--forbid', 'p0 * p1 != p2 * p3'];
    const { code, stdout } = await ended(start([...steered, '--format', 'json'], { cwd: folder.path }));
    expect(code).toBe(0);
    // Pairs with equal products.
    const products = upTo(64).flatMap((a) => upTo(64).map((b) => a * b));
    const times = new Map<number, number>();
    for (const product of products) times.set(product, (times.get(product) ?? 0) + 1);
    const equal = [...times.values()].reduce((sum, count) => sum + count * count, 0);
    expect(JSON.parse(stdout)).toMatchObject({ size: equal });

    const file = spaceFile('pairs', parameters, ['p0 * p1 == p2 * p3']);
    const words = [
      'ab',
      '--space',
      file,
      '--a',
      'default',
      '--b',
      'p0=7',
      '--for',
      '30s',
      '--format',
      'json',
    ];
    const compared = await ended(start([...words, ...PROGRAM], { cwd: folder.path }));
    expect(JSON.parse(compared.stdout)).toMatchObject({
      a: { configuration: { p0: 1, p1: 1, p2: 1, p3: 1 } },
      b: { configuration: { p0: 7, p1: 1, p2: 1, p3: 7 } },
    });
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
