import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLibraryKernel } from '../../../kernels/library.ts';
import { assembleWat } from '../generator/assemble.ts';
import { generate } from '../generator/generate.ts';
import { setupOf } from '../harness.fixture.ts';
import { placementOf, scheduleOf } from '../schedule-of.ts';
import type { RunnerSetup } from './messages.ts';
import type { Placement } from './pool.ts';
import { type Runner, wasmRunner } from './runner.ts';

const kernel = findLibraryKernel('gelu').build([1000], 'f32');

describe('the runner survives its variants', () => {
  let setup: RunnerSetup;
  let runner: Runner;
  let good: Placement;
  let next = 0;
  beforeAll(async () => {
    setup = setupOf(kernel, 2);
    runner = wasmRunner(['--no-liftoff'], setup, 1500);
    const generated = generate(kernel, scheduleOf({ lanes: 4 }), setup.pages);
    good = placementOf({}, generated, Uint8Array.from(await assembleWat(generated.text)), ++next);
  });
  afterAll(() => runner.close());

  /** A module whose `run` is the given code. */
  const variant = async (body: string, threads = 1): Promise<Placement> => {
    const memory = `(import "env" "memory" (memory ${setup.pages} ${setup.pages} shared))`;
    const parameters = '(param i32 i32 i32 i32 i32)';
    const text = `(module ${memory} (func $run (export "run") ${parameters} ${body}))`;
    const bytes = Uint8Array.from(await assembleWat(text));
    return { id: ++next, bytes, work: 2, grain: 1, threads, chunk: 0, dma: false };
  };
  const expectGood = async () => expect(await runner.ask(good, 'verify')).toMatchObject({ kind: 'right' });

  it('checks and times a good one', async () => {
    await expectGood();
    const answer = await runner.ask(good, 'sample');
    expect(answer).toMatchObject({ kind: 'time' });
  });

  it('reports a wrong result with its place', async () => {
    const answer = await runner.ask(await variant('nop'), 'verify');
    expect(answer).toMatchObject({ kind: 'wrong', message: expect.stringMatching(/^element 0 is NaN/) });
  });

  it.each([1, 2])('reports a trap as a runtime failure, on %i threads', async (threads) => {
    const answer = await runner.ask(await variant('unreachable', threads), 'verify');
    expect(answer).toMatchObject({ kind: 'invalid', failure: { reason: 'runtime' } });
    await expectGood();
  });

  it('reports unbounded recursion as a runtime failure', async () => {
    const all = [0, 1, 2, 3, 4].map((n) => `(local.get ${n})`).join(' ');
    const answer = await runner.ask(await variant(`(call $run ${all})`), 'verify');
    expect(answer).toMatchObject({ kind: 'invalid', failure: { reason: 'runtime' } });
    await expectGood();
  });

  it('does not let memory grow', async () => {
    const refused = '(if (i32.ne (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable))';
    expect(await runner.ask(await variant(refused), 'verify')).toMatchObject({ kind: 'wrong' });
  });

  it('reports a module that the engine refuses as a compile failure', async () => {
    const bytes = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 99);
    const answer = await runner.ask({ ...good, id: ++next, bytes }, 'verify');
    expect(answer).toMatchObject({ kind: 'invalid', failure: { reason: 'compile' } });
  });

  it('ends a hanging variant, in the main thread or in a worker, and continues', async () => {
    for (const threads of [1, 2]) {
      const answer = await runner.ask(await variant('(loop $for_ever (br $for_ever))', threads), 'verify');
      expect(answer).toMatchObject({ kind: 'invalid', failure: { reason: 'timeout' } });
      await expectGood();
    }
  });

  /** Kills the current process as soon as it works on a variant, a given number of times. */
  const endProcesses = async (count: number): Promise<void> => {
    const ended = new Set<number>();
    while (ended.size < count) {
      const { processId } = runner;
      if (processId === undefined || ended.has(processId)) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        continue;
      }
      ended.add(processId);
      process.kill(processId, 'SIGKILL');
    }
  };

  it('repeats a request if the system ends its process', async () => {
    await expectGood();
    const ending = endProcesses(2);
    expect(await runner.ask(good, 'verify')).toMatchObject({ kind: 'right' });
    await ending;
    await expectGood();
  });

  it('fails a variant whose process ends three times in a row', async () => {
    await expectGood();
    const endless = await variant('(loop $for_ever (br $for_ever))');
    const ending = endProcesses(3);
    const answer = await runner.ask(endless, 'sample');
    await ending;
    const failure = { reason: 'runtime', message: expect.stringMatching(/SIGKILL, 3 times in a row$/) };
    expect(answer).toMatchObject({ kind: 'invalid', failure });
    await expectGood();
  });

  it('throws BackendGone if no process can start', async () => {
    const tooLarge = wasmRunner(['--no-liftoff'], { ...setup, pages: 100_000 }, 1500);
    await expect(tooLarge.ask(good, 'load')).rejects.toThrow(/no WebAssembly runner can be started/);
    await tooLarge.close();
  });

  it('starts again when its process dies', async () => {
    await expectGood();
    const before = runner.processId;
    if (before !== undefined) process.kill(before, 'SIGKILL');
    await expect.poll(() => runner.processId).toBeUndefined();
    await expectGood();
    expect(runner.processId).not.toBe(before);
  });
});
