import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defineSpace } from '../../../search-space/define-space.ts';
import { ordinal } from '../../../search-space/parameters.ts';
import { parseConstraint } from '../../../search-space/parse-constraint.ts';
import { backendConformance } from '../../../tuner/backend.conformance.ts';
import { systemClock } from '../../../tuner/clock.ts';
import { type Command, commandBackend } from './backend.ts';

const space = defineSpace(
  [ordinal('threads', [1, 2, 4]), ordinal('tile', [8, 16])],
  [parseConstraint('threads * tile < 64', 'too much', ['threads', 'tile'])],
);
const never = new AbortController().signal;

/** A program in a line of JavaScript, which finds the values in argv. */
const program = (body: string): readonly string[] => [
  process.execPath,
  '-e',
  `const [threads, tile] = process.argv.slice(1).map(Number); ${body}`,
  '{threads}',
  '{tile}',
];
const command = (body: string, more: Partial<Command> = {}): Command => ({
  argv: program(body),
  timeoutMs: 20_000,
  unit: 'us',
  ...more,
});
const open = (asked: Command) => commandBackend(asked, space, systemClock.elapsed);
const variant = { configuration: { threads: 2, tile: 8 }, handle: null };

async function sampleOnce(asked: Command, signal = never) {
  const session = await open(asked).session([variant], signal);
  return session.sample(variant, 0);
}

backendConformance({
  name: 'a user’s command',
  open: async () => open(command('console.log(1000 / threads + tile)')),
  good: [
    { threads: 1, tile: 8 },
    { threads: 2, tile: 16 },
  ],
  bad: { threads: 4, tile: 16 },
});

describe('a user’s command', () => {
  it('gives the program its values and reads the time from the last line', async () => {
    const body = 'console.log("warm"); console.log(JSON.stringify({ time: threads * tile, unit: "ms" }))';
    expect(await sampleOnce(command(body))).toEqual({ state: 'timed', timeUs: 16_000 });
  });

  it('times a program that prints nothing', async () => {
    const session = await open(command('')).session([variant], never);
    const sample = await session.sample(variant, 0);
    expect(sample).toMatchObject({ state: 'timed' });
    expect(session.environment()).toEqual({ executions: 1, timeFrom: 'duration' });
  });

  it('does not take a duration for a time once the program has printed one', async () => {
    const session = await open(command('if (tile === 8) console.log(5)')).session([], never);
    expect(await session.sample(variant, 0)).toEqual({ state: 'timed', timeUs: 5 });
    const silent = { configuration: { threads: 1, tile: 16 }, handle: null };
    expect(await session.sample(silent, 0)).toMatchObject({ state: 'invalid', message: 'printed no time' });
  });

  it('refuses an output that is no time, unless the duration was asked for', async () => {
    const chatty = 'console.log("done")';
    expect(await sampleOnce(command(chatty))).toMatchObject({ state: 'invalid', reason: 'runtime' });
    expect(await sampleOnce(command(chatty, { timeSource: 'duration' }))).toMatchObject({ state: 'timed' });
  });

  it.each([
    ['exit code', 'console.error("boom"); process.exit(3)', /^exit code 3: boom$/],
    ['signal', 'process.kill(process.pid, "SIGKILL")', /^ended by SIGKILL/],
  ])('calls a bad %s a failure at run time', async (_, body, message) => {
    const expected = { state: 'invalid', reason: 'runtime', message: expect.stringMatching(message) };
    expect(await sampleOnce(command(body))).toEqual(expected);
  });

  it('says when there is no such program', async () => {
    const sample = await sampleOnce({ ...command(''), argv: ['./no-such-program', '{threads}', '{tile}'] });
    expect(sample).toMatchObject({ reason: 'runtime', message: expect.stringContaining('ENOENT') });
  });

  it('checks the answer before the time counts', async () => {
    const backend = open(command('', { check: program('process.exit(threads === 2 ? 1 : 0)') }));
    expect(await backend.verify(variant, never)).toMatchObject({ state: 'invalid', reason: 'correctness' });
    const good = { configuration: { threads: 1, tile: 8 }, handle: null };
    expect(await backend.verify(good, never)).toEqual({ state: 'correct' });
  });
});

describe('a program that hangs', () => {
  /** It ignores SIGTERM and leaves a child behind that does too; both write as long as they live. */
  const stubborn = (file: string): string => `
    const beat = () => {
      process.on('SIGTERM', () => {});
      setInterval(() => require('node:fs').appendFileSync('${file}', '.'), 10);
    };
    require('node:child_process').spawn(process.execPath, ['-e', \`(\${beat})()\`], { stdio: 'inherit' });
    beat();`;

  it('is a timeout, and is ended with all that it started', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nightshift-hang-'));
    const file = join(folder, 'alive');
    const sample = await sampleOnce(command(stubborn(file), { timeoutMs: 500 }));
    expect(sample).toEqual({ state: 'invalid', reason: 'timeout', message: 'took longer than 0.5 s' });
    const written = statSync(file).size;
    expect(written).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(statSync(file).size).toBe(written);
    rmSync(folder, { recursive: true });
  });

  it('is let go at once when the visit is interrupted, and says nothing of the configuration', async () => {
    const abort = new AbortController();
    const pending = sampleOnce(command('setInterval(() => {}, 1000)'), abort.signal);
    abort.abort();
    expect(await pending).toEqual({ state: 'dropped' });
  });
});
