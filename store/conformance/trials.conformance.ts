import { describe, expect, it } from 'vitest';
import type { TimePlace, TrialFilter } from '../study-store.ts';
import { at, begin, collected, invalid, proposalOf, timed } from '../tests/examples.ts';
import { writeResult } from '../written-result.ts';
import type { StoreFixture } from './fixture.conformance.ts';

const DISTURBED = { state: 'invalid', reason: 'disturbed', message: 'no clean sample' } as const;

/** The log of a study's trials. */
export function declareTrials(fixture: StoreFixture): void {
  describe('trials', () => {
    it('numbers settled trials, and returns them unchanged in order', async () => {
      const { studyId, visitId } = await begin(fixture.store);
      const prediction = { meanLog: 3, sdLog: 0.25 };
      const first = {
        ...timed(1, 20),
        prediction,
        phases: { dma: 12.5, compute: 7.5 },
        metrics: { energyJ: 2, constructor: 0 },
      };
      fixture.setTime(2_000);
      const { settled, repeated } = await fixture.store.settle({
        studyId,
        visitId,
        activeMs: 1,
        results: [first, invalid(2)],
      });
      await fixture.store.settle({ studyId, visitId, activeMs: 2, results: [timed(3, 1 / 3)] });
      expect(repeated).toEqual([]);
      const log = await collected(fixture.store.trials(studyId));
      expect(log).toEqual([
        { ...first, number: 0, settledAt: 2_000 },
        { ...invalid(2), number: 1, settledAt: 2_000 },
        { ...timed(3, 1 / 3), number: 2, settledAt: 2_000 },
      ]);
      expect(settled).toEqual(log.slice(0, 2));
      expect(await collected(fixture.store.trials(studyId, 2))).toEqual(log.slice(2));
    });

    it('settles a bulk as it settles a batch, and counts it', async () => {
      const few = await begin(fixture.store);
      const results = [timed(1, 20), invalid(2), timed(1, 5)];
      const swapped = { ...timed(3, 7), configuration: { tile: 3, threads: 2, staging: 'dma' } };
      const written = [...results, swapped].map((result) => writeResult(Object.keys(at(1)), result));
      const bulk = async function* () {
        yield written.slice(0, 2);
        yield written.slice(2);
      };
      await fixture.store.markRunning(few.studyId, [proposalOf(invalid(2))]);
      expect(await fixture.store.settleAll(few, bulk())).toBe(3);
      expect(await fixture.store.settleAll(few, bulk())).toBe(0);
      const log = await collected(fixture.store.trials(few.studyId));
      expect(log.map(({ number, configuration: { tile } }) => [number, tile])).toEqual([
        [0, 1],
        [1, 2],
        [2, 3],
      ]);
      expect(log[0]).toMatchObject(timed(1, 20));
      expect(await fixture.store.unsettled(few.studyId)).toEqual([]);
    });

    it('keeps the keys of a configuration in the order of the parameters', async () => {
      const { studyId, visitId } = await begin(fixture.store);
      const swapped = { ...timed(1, 20), configuration: { tile: 1, threads: 2, staging: 'dma' } };
      const { settled } = await fixture.store.settle({ studyId, visitId, activeMs: 1, results: [swapped] });
      const [stored] = await collected(fixture.store.trials(studyId));
      expect(Object.keys(settled[0].configuration)).toEqual(['threads', 'staging', 'tile']);
      expect(Object.keys(stored.configuration)).toEqual(['threads', 'staging', 'tile']);
    });

    it('refuses a second result of a configuration, and reports it', async () => {
      const { studyId, visitId } = await begin(fixture.store);
      await fixture.store.settle({ studyId, visitId, activeMs: 1, results: [timed(1, 20)] });
      const again = { ...timed(1, 5), configuration: { tile: 1, threads: 2, staging: 'dma' } };
      const { settled, repeated } = await fixture.store.settle({
        studyId,
        visitId,
        activeMs: 1,
        results: [again, timed(2, 30)],
      });
      expect(repeated).toEqual([again]);
      expect(settled.map((trial) => trial.number)).toEqual([1]);
      expect(await fixture.store.fastest(studyId, 9)).toMatchObject([{ timeUs: 20 }, { timeUs: 30 }]);
      for (const { configuration, timeUs } of await fixture.store.fastest(studyId, 9))
        expect((await fixture.store.timed(studyId, configuration))?.timeUs).toBe(timeUs);
      expect(await fixture.store.timed(studyId, timed(77, 1).configuration)).toBeUndefined();
    });

    it('keeps disturbed trials beside the result of their configuration', async () => {
      const { studyId, visitId } = await begin(fixture.store);
      const disturbed = { ...proposalOf(timed(1, 1)), ...DISTURBED };
      const batch = { studyId, visitId, activeMs: 1 };
      for (const result of [disturbed, disturbed, timed(1, 20)]) {
        await fixture.store.markRunning(studyId, [proposalOf(result)]);
        expect((await fixture.store.settle({ ...batch, results: [result] })).repeated).toEqual([]);
        expect(await fixture.store.unsettled(studyId)).toEqual([]);
      }
      const again = await fixture.store.settle({ ...batch, results: [timed(1, 5)] });
      expect(again.repeated).toHaveLength(1);
      const log = await collected(fixture.store.trials(studyId));
      expect(log.map(({ number, state }) => [number, state])).toEqual([
        [0, 'invalid'],
        [1, 'invalid'],
        [2, 'timed'],
      ]);
      expect((await fixture.store.counts(studyId)).invalid).toMatchObject({ disturbed: 2 });
    });

    it('changes nothing when one result of a batch cannot be stored', async () => {
      const { studyId, visitId } = await begin(fixture.store);
      const missing = { ...timed(2, 5), configuration: { threads: 2, tile: 2 } };
      const batch = { studyId, visitId, activeMs: 9 };
      await expect(fixture.store.settle({ ...batch, results: [timed(1, 20), missing] })).rejects.toThrow(
        /no 'staging'/,
      );
      const extra = { ...timed(2, 5), configuration: { ...at(2), colour: 'red' } };
      await expect(fixture.store.settle({ ...batch, results: [timed(1, 20), extra] })).rejects.toThrow(
        /'colour'/,
      );
      for (const timeUs of [Number.NaN, 0, -1, Number.POSITIVE_INFINITY]) {
        await expect(
          fixture.store.settle({ ...batch, results: [timed(1, 20), timed(2, timeUs)] }),
        ).rejects.toThrow(RangeError);
      }
      expect(await fixture.store.counts(studyId)).toMatchObject({ settled: 0 });
      expect(await fixture.store.interruptedVisit(studyId)).toMatchObject({ activeMs: 0 });
    });

    it('settles running trials, and abandons the rest', async () => {
      const { studyId, visitId } = await begin(fixture.store);
      await fixture.store.markRunning(studyId, [timed(1, 1), timed(2, 1)].map(proposalOf));
      fixture.setTime(5_000);
      await fixture.store.markRunning(studyId, [proposalOf(timed(3, 1))]);
      await fixture.store.settle({ studyId, visitId, activeMs: 1, results: [timed(2, 20)] });
      expect(await fixture.store.unsettled(studyId)).toEqual([
        { ...proposalOf(timed(1, 1)), state: 'running', startedAt: 1_000 },
        { ...proposalOf(timed(3, 1)), state: 'running', startedAt: 5_000 },
      ]);
      expect(await fixture.store.abandonRunning({ startedBefore: 5_000 })).toBe(1);
      expect(await fixture.store.abandonRunning({ studyId: 'nothing' })).toBe(0);
      expect(await fixture.store.counts(studyId)).toMatchObject({ settled: 1, running: 1, abandoned: 1 });
      expect(await fixture.store.abandonRunning({ studyId })).toBe(1);
      await fixture.store.markRunning(studyId, [timed(1, 1), timed(2, 1)].map(proposalOf));
      expect(await fixture.store.counts(studyId)).toMatchObject({ settled: 1, running: 1, abandoned: 1 });
      await fixture.store.settle({ studyId, visitId, activeMs: 1, results: [timed(3, 5)] });
      expect(await fixture.store.counts(studyId)).toMatchObject({ settled: 2, running: 1, abandoned: 0 });
      expect(await fixture.store.abandonRunning()).toBe(1);
    });

    it('counts by state and reason', async () => {
      const { studyId, visitId } = await begin(fixture.store);
      expect(await fixture.store.counts(studyId)).toMatchObject({ settled: 0, timed: 0, running: 0 });
      const batch = { studyId, visitId, activeMs: 1 };
      await fixture.store.settle({ ...batch, results: [timed(1, 20), invalid(2)] });
      await fixture.store.settle({ ...batch, results: [timed(3, 10), timed(1, 5)] });
      expect(await fixture.store.counts(studyId)).toEqual({
        settled: 3,
        timed: 2,
        invalid: { timeout: 1, compile: 0, runtime: 0, correctness: 0, constraints: 0, disturbed: 0 },
        running: 0,
        abandoned: 0,
      });
    });

    it('returns the improvements of the fastest time, at the requested number of points', async () => {
      const { studyId, visitId } = await begin(fixture.store);
      expect(await fixture.store.improvements(studyId, 9)).toEqual([]);
      const fall = Array.from({ length: 100 }, (_, tile) => [
        timed(2 * tile, 500 - tile),
        invalid(2 * tile + 1),
      ]);
      await fixture.store.settle({ studyId, visitId, activeMs: 1, results: fall.flat() });
      const all = await fixture.store.improvements(studyId, 100);
      expect(all).toHaveLength(100);
      expect(all.slice(0, 2)).toEqual([
        { trials: 1, timeUs: 500 },
        { trials: 3, timeUs: 499 },
      ]);
      const some = await fixture.store.improvements(studyId, 10);
      expect(some.length).toBeGreaterThan(8);
      expect(some.length).toBeLessThanOrEqual(10);
      expect([some[0], some.at(-1)]).toEqual([all[0], all.at(-1)]);
      for (const point of some) expect(all).toContainEqual(point);
    });

    it('lists a page of the trials that match a filter', async () => {
      const { studyId, visitId } = await begin(fixture.store);
      const results = [timed(1, 20), invalid(2), timed(3, 10), timed(4, 10)];
      await fixture.store.settle({ studyId, visitId, activeMs: 1, results });
      await fixture.store.markRunning(studyId, [proposalOf(timed(5, 1))]);
      const numbers = async (filter: Omit<TrialFilter, 'limit' | 'studyId'>, limit = 9) =>
        (await fixture.store.listTrials({ studyId, ...filter, limit })).map((trial) =>
          'number' in trial ? trial.number : -1,
        );
      expect(await numbers({})).toEqual([0, 1, 2, 3]);
      expect(await numbers({ after: 1 }, 1)).toEqual([2]);
      expect(await numbers({ state: 'timed', after: 0 })).toEqual([2, 3]);
      expect(await numbers({ state: 'invalid' })).toEqual([1]);
      expect(await numbers({ state: 'invalid', after: 1 })).toEqual([]);
      expect(await numbers({ state: 'running' })).toEqual([-1]);
      expect(await numbers({ state: 'abandoned' })).toEqual([]);
      await expect(fixture.store.listTrials({ studyId: 'nothing', limit: 9 })).rejects.toThrow(RangeError);
    });

    it('pages through timed trials from the fastest on, equal times in the order of settling', async () => {
      const { studyId, visitId } = await begin(fixture.store);
      const results = [timed(1, 20), invalid(2), timed(3, 10), timed(4, 10), timed(5, 30)];
      await fixture.store.settle({ studyId, visitId, activeMs: 1, results });
      const order: number[] = [];
      for (let after: TimePlace | undefined; ; ) {
        const [next] = await fixture.store.fastest(studyId, 1, after);
        if (next === undefined) break;
        order.push(next.number);
        after = next;
      }
      expect(order).toEqual([2, 3, 0, 4]);
      expect((await fixture.store.fastest(studyId, 2)).map(({ number }) => number)).toEqual([2, 3]);
    });

    it('reads a log longer than a page', async () => {
      const { studyId, visitId } = await begin(fixture.store);
      const results = [1, 2, 4, 8, 16, 32, 64].flatMap((threads) =>
        Array.from({ length: 300 }, (_, tile) => timed(tile, 100 + tile, threads)),
      );
      await fixture.store.settle({ studyId, visitId, activeMs: 1, results });
      const log = await collected(fixture.store.trials(studyId));
      expect(log.map((trial) => trial.number)).toEqual(results.map((_, number) => number));
    });
  });
}
