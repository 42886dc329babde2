import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { abDocumentSchema } from '../../src/documents/ab.ts';
import { studyDocumentSchema } from '../../src/documents/findings.ts';
import { openStore } from '../../store/open-store.ts';
import { knownOr } from '../../tuner/attribution/gain.ts';
import { systemClock } from '../../tuner/clock.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const FROM_RANGES = 'Intervals come from stated ranges of the target’s figures, not from a calibration.';

const folder = temporaryFolder();
afterAll(folder.remove);
const store = join(folder.path, 'store.db');
const run = (...words: readonly string[]) => inProcess(words, { NIGHTSHIFT_STORE: store });

async function compared(...words: readonly string[]) {
  const { code, stdout, stderr } = await run('ab', '--format', 'json', ...words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return abDocumentSchema.parse(JSON.parse(stdout));
}

async function tuned(...words: readonly string[]) {
  const { stdout } = await run('tune', ...words, '--trials', '20', '--quiet', '--format', 'json');
  const { study, winner } = studyDocumentSchema.parse(JSON.parse(stdout));
  return { id: study.id, winner };
}

describe('ab on a simulator', () => {
  it('agrees with simulate, and says that there is no noise', async () => {
    const document = await compared(
      'gelu',
      '--shape',
      '262144',
      '--a',
      'threads=1',
      '--b',
      'threads=4,unroll=2',
    );
    expect(document).toMatchObject({
      target: 'hexagon-v75',
      from: 'simulator',
      isExact: true,
      detectable: { unknown: 'not applicable' },
    });
    expect(document.a.configuration).toMatchObject({ threads: 1 });
    expect(document.b.configuration).toMatchObject({ threads: 4, unroll: 2 });
    const simulated = await run(
      ...'simulate gelu --shape 262144 --set threads=4,unroll=2 --format json'.split(' '),
    );
    expect(JSON.parse(simulated.stdout)).toMatchObject({ timeUs: document.b.timeUs });
    expect(knownOr(document.gain)?.value).toBeCloseTo(document.a.timeUs / document.b.timeUs, 12);
    expect(document.sentence).toMatch(/ is faster than .*exact here, so this is not noise\.$/);
    expect(existsSync(store)).toBe(false);
  });

  it('gives the range over the accepted parameter sets of a calibrated target', async () => {
    const words = ['gelu', '--target', 'hexagon-mlir', '--a', 'threads=4', '--b', 'threads=1'];
    const { gain, outcome, rounds } = await compared(...words);
    expect(rounds).toBeGreaterThan(1);
    expect(knownOr(gain)?.low).toBeLessThan(knownOr(gain)?.high ?? 0);
    expect(outcome).toBe('a');
    const same = await compared('gelu', '--a', 'default', '--b', 'default');
    const notes = ['a and b are the same configuration.', FROM_RANGES];
    expect(same).toMatchObject({ outcome: 'equal', notes });
  });
});

describe('ab of studies', () => {
  it('times their winners, and adds no trial to them', async () => {
    const one = await tuned('gelu', '--shape', '4096', '--seed', '1');
    const two = await tuned('gelu', '--shape', '4096', '--fix', 'threads=1');
    const before = (await run('studies', '--format', 'json')).stdout;
    const document = await compared('--a', one.id, '--b', two.id);
    expect(document).toMatchObject({
      shape: '4096',
      a: { configuration: one.winner?.configuration, timeUs: one.winner?.timeUs },
      b: { configuration: two.winner?.configuration, timeUs: two.winner?.timeUs },
      notes: [FROM_RANGES],
    });
    expect((await run('studies', '--format', 'json')).stdout).toBe(before);
    const elsewhere = await compared('gelu', '--shape', '8192', '--a', one.id, '--b', 'default');
    expect(elsewhere.notes).toEqual([
      '--a is what a study says to use, of gelu 4096 f32 on hexagon-v75.',
      FROM_RANGES,
    ]);
  });
});

describe('ab on a user’s device', () => {
  const space = join(folder.path, 'mine.json');
  const program = join(folder.path, 'measure.sh');
  const parameters = [{ name: 'tile', values: [8, 16, 32, 64] }];
  const device = ['--space', space, '--target', 'command:board', '--for', '20s'];
  beforeAll(() => {
    writeFileSync(space, JSON.stringify({ parameters }));
    // Noise of up to 2.5 µs; tile 32 takes half the time, tile 64 fails.
    const lines = [
      '#!/bin/sh',
      '[ "$1" = 64 ] && { echo "no memory" >&2; exit 3; }',
      // The same numbers in each run of the tests: real noise is told from a difference one time in twenty.
      'state="$0.state"; last=$(cat "$state" 2>/dev/null || echo 1)',
      'next=$(( (last * 1103515245 + 12345) & 2147483647 )); echo "$next" > "$state"',
      'noise=$(( next >> 16 & 255 ))',
      '[ "$1" = 32 ] && base=50000 || base=100000',
      'echo "{\\"timeUs\\": $((base + noise * 10))e-3}"',
    ];
    writeFileSync(program, `${lines.join('\n')}\n`);
    chmodSync(program, 0o755);
  });

  it('says which one is faster', async () => {
    const document = await compared(...device, '--a', 'tile=8', '--b', 'tile=32', '--', program, '{tile}');
    expect(document).toMatchObject({
      kernel: 'mine',
      target: 'board',
      from: 'device',
      isExact: false,
      outcome: 'b',
    });
    expect(document.rounds).toBeGreaterThanOrEqual(20);
    expect(knownOr(document.gain)?.value).toBeGreaterThan(1.9);
    expect(document.sentence).toMatch(/^b is faster than a: .* in \d+ rounds\. This is not noise\.$/);
  });

  it('says that no difference was seen, and how large a one would have been', async () => {
    rmSync(`${program}.state`, { force: true });
    const { stdout } = await run('ab', ...device, '--a', 'tile=8', '--b', 'tile=8', '--', program, '{tile}');
    expect(stdout).toMatch(
      /No difference was seen: b is .* as fast as a, in \d+ rounds\. A difference of\s+[\d.]+ %/,
    );
  });

  it('says how samples are asked for', async () => {
    const sides = ['--a', 'tile=8', '--b', 'tile=64', '--samples', 'many'];
    const { code, stderr } = await run('ab', ...device, ...sides, '--', program, '{tile}');
    expect(code).toBe(2);
    expect(stderr).toContain("--samples: is neither a number nor a precision: 'many' (5, or 2%)");
  });

  it('names the configuration that fails', async () => {
    const { code, stderr } = await run(
      ...['ab', ...device, '--a', 'tile=8', '--b', 'tile=64', '--', program, '{tile}'],
    );
    expect(code).toBe(6);
    expect(stderr).toContain('tile=64 did not work');
    expect(stderr).toContain('no memory');
  });

  it('needs the program again, and says so, whatever else names the kernel', async () => {
    const options = ['--trials', '2', '--samples', '1', '--quiet', '--format', 'json'];
    const tuned = await run('tune', ...device, ...options, '--', program, '{tile}');
    const { study } = studyDocumentSchema.parse(JSON.parse(tuned.stdout));
    const sides = ['--a', 'default', '--b', study.id];
    for (const words of [sides, ['mine', ...sides], ['mine', '--target', 'board', ...sides]]) {
      const { code, stderr } = await run('ab', ...words);
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringContaining('mine has no IR: only its'),
      });
    }
    expect((await run('simulate', 'mine')).stderr).toContain('mine has no IR: only its');
  });

  it('is refused while another command writes the store, and refuses others while it measures', async () => {
    const sides = ['--a', 'tile=8', '--b', 'tile=16'];
    const held = await openStore(store, { mode: 'write', clock: systemClock, writer: { role: 'tune' } });
    const refused = await run('ab', ...device, ...sides, '--', program, '{tile}');
    await held.close();
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining('tune') });
    const locked = join(folder.path, 'locked.sh');
    writeFileSync(locked, `#!/bin/sh\n# {tile}\ntest -f ${store}.lock && echo '{"timeUs": 5}'\n`);
    chmodSync(locked, 0o755);
    const document = await compared(...device, ...sides, '--', locked, '{tile}');
    expect(document.a.timeUs).toBe(5);
    expect(existsSync(`${store}.lock`)).toBe(false);
  });
});

describe('ab refuses', () => {
  it.each([
    ['--a is missing', ['gelu', '--b', 'threads=2'], 2, '--a: is missing'],
    ['no kernel', ['--a', 'default', '--b', 'threads=2'], 2, 'kernel: is missing'],
    ['a value', ['gelu', '--a', 'default', '--b', 'threads=999'], 2, "threads: cannot be '999'"],
    [
      'a repeated parameter',
      ['gelu', '--a', 'threads=2,threads=4', '--b', 'default'],
      2,
      '--a: sets threads more than once',
    ],
    ['an unknown study', ['gelu', '--a', 'zzz', '--b', 'default'], 6, "--a: 'zzz' is no single study"],
  ])('%s', async (_, words, code, message) => {
    const ended = await run('ab', ...words);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(message);
  });
});
