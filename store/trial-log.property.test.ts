import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openStore } from './open-store.ts';
import type { Store } from './store.ts';
import { begin, collected, gelu, invalid, summaries, summariesOf, timed, v75 } from './tests/examples.ts';
import type { Result } from './trial.ts';

/** A simple model of the store: the log, and the running and abandoned configurations. */
type Model = { log: Result[]; open: Map<number, 'running' | 'abandoned'> };
type Step =
  | Readonly<{ kind: 'settle'; tiles: readonly (readonly [tile: number, timeUs: number])[] }>
  | Readonly<{ kind: 'run'; tiles: readonly number[] }>
  | Readonly<{ kind: 'abandon' }>;

const tile = fc.nat(25);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('settle' as const),
    tiles: fc.array(fc.tuple(tile, fc.nat(50)), { maxLength: 6 }),
  }),
  fc.record({ kind: fc.constant('run' as const), tiles: fc.array(tile, { maxLength: 6 }) }),
  fc.record({ kind: fc.constant('abandon' as const) }),
);

/** A time of 0 makes an invalid result. */
const result = (place: number, timeUs: number): Result =>
  timeUs === 0 ? invalid(place) : timed(place, timeUs);

function tileOf({ configuration }: Pick<Result, 'configuration'>): number {
  return Number(configuration.tile);
}

function apply(model: Model, next: Step): void {
  if (next.kind === 'abandon') for (const place of model.open.keys()) model.open.set(place, 'abandoned');
  if (next.kind === 'run') {
    for (const place of next.tiles) if (!has(model, place)) model.open.set(place, 'running');
  }
  if (next.kind === 'settle') {
    for (const [place, timeUs] of next.tiles) {
      if (has(model, place)) continue;
      model.log.push(result(place, timeUs));
      model.open.delete(place);
    }
  }
}

function has(model: Model, place: number): boolean {
  return model.log.some((known) => tileOf(known) === place);
}

async function perform(
  store: Store,
  visit: Readonly<{ studyId: string; visitId: number }>,
  next: Step,
): Promise<void> {
  if (next.kind === 'abandon') await store.abandonRunning();
  if (next.kind === 'run')
    await store.markRunning(
      visit.studyId,
      next.tiles.map((place) => timed(place, 1)),
    );
  if (next.kind === 'settle') {
    const results = next.tiles.map(([place, timeUs]) => result(place, timeUs));
    const { settled, repeated } = await store.settle({ ...visit, activeMs: 0, results });
    expect(settled.length + repeated.length).toBe(results.length);
  }
}

it('equals the model after any sequence of running, settling and abandoning', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const store = await openStore(':memory:', { mode: 'read', clock: { now: () => 0 } });
      const visit = await begin(store);
      const model: Model = { log: [], open: new Map() };
      for (const next of steps) {
        await perform(store, visit, next);
        apply(model, next);
      }
      const log = await collected(store.trials(visit.studyId));
      expect(log).toEqual(model.log.map((known, number) => ({ ...known, number, settledAt: 0 })));
      const unsettled = await store.unsettled(visit.studyId);
      expect(new Map(unsettled.map((trial) => [tileOf(trial), trial.state]))).toEqual(model.open);
      const times = model.log.flatMap((known) => (known.state === 'timed' ? [known.timeUs] : []));
      const fastest = (await store.fastest(visit.studyId, 3)).map(
        (trial) => 'timeUs' in trial && trial.timeUs,
      );
      expect(fastest).toEqual(times.sort((a, b) => a - b).slice(0, 3));
      const best = await store.best({ kernel: gelu, target: v75 });
      expect(best?.timeUs).toBe(times.at(0));
      const counts = await store.counts(visit.studyId);
      expect(counts).toMatchObject({ settled: log.length, timed: times.length });
      expect(await summaries(store, visit.studyId)).toEqual(summariesOf(log));
      await store.close();
    }),
    { numRuns: 60 },
  );
});
