import { describe, expect, it } from 'vitest';
import { defineSpace } from '../../../search-space/define-space.ts';
import { ordinal } from '../../../search-space/parameters.ts';
import { parseConstraint } from '../../../search-space/parse-constraint.ts';
import type { SettledTrial } from '../../../store/trial.ts';
import { backendConformance } from '../../../tuner/backend.conformance.ts';
import type { OpaqueKernel } from '../../kernels/opaque.ts';
import { commandBackend } from './backend.ts';
import type { DeviceProgram } from './program.ts';

const space = defineSpace(
  [ordinal('threads', [1, 2, 4]), ordinal('tile', [8, 16])],
  [parseConstraint('threads * tile < 64', 'too much', ['threads', 'tile'])],
);
const kernel: OpaqueKernel = { kind: 'opaque', name: 'theirs', shape: [64, 56], dtype: 'f16' };
const never = new AbortController().signal;

/** A program in one line of JavaScript, which reads the parameters' values from argv. */
const script = (body: string): readonly string[] => [
  process.execPath,
  '-e',
  `const [threads, tile] = process.argv.slice(1).map(Number); ${body}`,
  '{threads}',
  '{tile}',
];
const program = (body: string, more: Partial<DeviceProgram> = {}): DeviceProgram => ({
  argv: script(body),
  timeoutMs: 60_000,
  unit: 'us',
  ...more,
});
const open = (asked: DeviceProgram) =>
  commandBackend(asked, { space, default: space.at(0) }, kernel, {
    keeping: { mark: `backend.test ${process.pid}`, kept: [] },
    seed: 7,
  });
const variantOf = (threads: number, tile: number) => ({ configuration: { threads, tile }, handle: null });
const variant = variantOf(2, 8);

async function sampleOnce(asked: DeviceProgram, signal = never) {
  const backend = await open(asked);
  const session = await backend.session([variant], signal);
  const sample = await session.sample(variant, 0);
  await backend.close();
  return sample;
}

backendConformance({
  name: 'a user’s command',
  open: () => open(program('console.log(1000 / threads + tile)')),
  good: [
    { threads: 1, tile: 8 },
    { threads: 2, tile: 16 },
  ],
  bad: { threads: 4, tile: 16 },
});

describe('a user’s command', () => {
  it('gives the program its values and reads the time from the last line', async () => {
    const body = 'console.log("warm"); console.log(JSON.stringify({ time: threads * tile, unit: "ms" }))';
    expect(await sampleOnce(program(body))).toEqual({ state: 'timed', timeUs: 16_000 });
  });

  it('fails a configuration that ends its keeper three times in a row, and goes on with others', async () => {
    const body = 'if (threads === 2) process.kill(process.ppid, "SIGKILL"); console.log(7)';
    const backend = await open(program(body));
    const [bad, good] = [variantOf(2, 8), variantOf(1, 8)];
    const session = await backend.session([bad, good], never);
    expect(await session.sample(bad, 0)).toMatchObject({
      state: 'invalid',
      reason: 'runtime',
      message: expect.stringMatching(/(SIGKILL|137), 3 times in a row$/),
    });
    expect(await session.sample(good, 0)).toEqual({ state: 'timed', timeUs: 7 });
    await backend.close();
  });

  it('refuses an output without a time, unless the clock is the duration', async () => {
    const chatty = 'console.log("done")';
    expect(await sampleOnce(program(chatty))).toMatchObject({ state: 'invalid', reason: 'runtime' });
    expect(await sampleOnce(program(chatty, { timeSource: 'duration' }))).toMatchObject({ state: 'timed' });
  });

  it('names the unit that an output lacks', async () => {
    const said = async (line: string) => sampleOnce(program(`console.log(${JSON.stringify(line)})`));
    expect(await said('{"time":3}')).toMatchObject({
      reason: 'runtime',
      message: expect.stringContaining('has no unit: one of ns, us, ms, s, as in {"time": 3, "unit": "ms"}'),
    });
    expect(await said('{"time":3,"unit":"min"}')).toMatchObject({
      message: expect.stringContaining(
        `the last line printed, '{"time":3,"unit":"min"}', has an unknown unit, "min": one of ns`,
      ),
    });
  });

  it.each([
    ['exit code', 'console.error("boom"); process.exit(3)', /^exit code 3: boom$/],
    ['signal', 'process.kill(process.pid, "SIGKILL")', /^ended by SIGKILL/],
    ['signal of its own', 'process.abort()', /^ended by SIGABRT/],
  ])('reports a bad %s as a failure at run time', async (_, body, message) => {
    const expected = { state: 'invalid', reason: 'runtime', message: expect.stringMatching(message) };
    expect(await sampleOnce(program(body))).toEqual(expected);
  });

  it('does not blame the configuration for a missing program', async () => {
    const sample = await sampleOnce({ ...program(''), argv: ['./no-such-program', '{threads}', '{tile}'] });
    expect(sample).toMatchObject({ reason: 'disturbed', message: expect.stringContaining('ENOENT') });
    const own = await sampleOnce({ ...program(''), argv: ['./no-such-{threads}-{tile}'] });
    expect(own).toMatchObject({ reason: 'runtime', message: expect.stringContaining('ENOENT') });
  });

  it('checks the answer before the time counts', async () => {
    const backend = await open(program('', { check: script('process.exit(threads === 2 ? 1 : 0)') }));
    expect(await backend.verify(variant, never)).toMatchObject({ state: 'invalid', reason: 'correctness' });
    expect(await backend.verify(variantOf(1, 8), never)).toEqual({ state: 'correct' });
    await backend.close();
  });

  it('ends at once when the visit is interrupted, without a verdict on the configuration', async () => {
    const abort = new AbortController();
    const pending = sampleOnce(program('setInterval(() => {}, 1000)'), abort.signal);
    setTimeout(() => abort.abort(), 300);
    expect(await pending).toEqual({ state: 'dropped' });
  });
});

describe('the clock of a study', () => {
  const timed = (phases?: Record<string, number>): SettledTrial => ({
    ...{
      number: 0,
      settledAt: 0,
      subset: 'scalar',
      origin: 'default',
      configuration: { threads: 1, tile: 8 },
    },
    ...{ state: 'timed', timeUs: 5, samplesUs: [5], ...(phases && { phases }) },
  });
  const printing = (condition: string) => program(`if (${condition}) console.log(5)`);
  const sampled = async (asked: DeviceProgram, log: readonly SettledTrial[] = []) => {
    const backend = await open(asked);
    if (log.length > 0) backend.recall?.(log);
    const session = await backend.session([], never);
    const samples = [await session.sample(variant, 0), await session.sample(variantOf(1, 16), 0)];
    await backend.close();
    return { samples, environment: session.environment(), notes: backend.notes?.().join() };
  };

  it('is the duration of a program that never prints a time', async () => {
    const { samples, environment, notes } = await sampled(printing('false'));
    expect(notes).toBe('Times are the program’s duration from start to end.');
    expect(samples[0]).toMatchObject({ state: 'timed', phases: { process: expect.any(Number) } });
    expect(environment).toEqual({ executions: 2, timeFrom: 'duration' });
  });

  it('is the output if any configuration prints a time, even if the first did not', async () => {
    const { samples } = await sampled(printing('threads !== 2'));
    expect(samples[0]).toMatchObject({ state: 'invalid', reason: 'runtime' });
    expect(samples[1]).toEqual({ state: 'timed', timeUs: 5 });
  });

  it('is the output once the program has printed a time', async () => {
    const { samples } = await sampled(printing('threads === 2'));
    expect(samples[1]).toMatchObject({ state: 'invalid', message: expect.stringContaining('no time') });
  });

  it('is not decided by an interruption', async () => {
    const abort = new AbortController();
    const slow = program('if (threads !== 2) setInterval(() => {}, 1000)');
    const pending = sampleOnce(slow, abort.signal);
    setTimeout(() => abort.abort(), 2000);
    expect(await pending).toEqual({ state: 'dropped' });
  });

  it('is the clock of earlier visits', async () => {
    const lost = await sampled(printing('false'), [timed()]);
    expect(lost.samples[0]).toMatchObject({ state: 'invalid', reason: 'runtime' });
    const durations = await sampled(printing('true'), [timed({ process: 5 })]);
    expect(durations.samples[0]).toMatchObject({ state: 'timed', phases: { process: expect.any(Number) } });
    expect(durations.environment).toMatchObject({ timeFrom: 'duration' });
    expect(durations.notes).toContain('2 of its runs printed a time');
  });
});
