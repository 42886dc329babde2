import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Comparison } from './comparison.ts';
import { studyId as idOf } from './study-id.ts';
import { at, begin, collected, gelu, geluOnV75, invalid, timed, v75 } from './tests/examples.ts';
import type { Clock, TrialStore } from './trial-store.ts';

/** What every TrialStore keeps. `make` gives an empty one that tells time by the clock. */
export function trialStoreConformance(name: string, make: (clock: Clock) => Promise<TrialStore>): void {
  describe(`TrialStore: ${name}`, () => {
    let now = 0;
    let store: TrialStore;
    beforeEach(async () => {
      now = 1_000;
      store = await make({ now: () => now });
    });
    afterEach(() => store.close());

    describe('kernels and targets', () => {
      it('gives back what was saved', async () => {
        await store.saveKernel(gelu);
        await store.saveTarget(v75);
        expect(await store.kernel(gelu.hash)).toEqual(gelu);
        expect(await store.target(v75.fingerprint)).toEqual(v75);
        expect(await store.kernel('nothing')).toBeUndefined();
        expect(await store.target('nothing')).toBeUndefined();
      });

      it('answers to every name a kernel was saved under', async () => {
        await store.saveKernel(gelu);
        await store.saveKernel({ ...gelu, name: 'triton_poi_0' });
        expect(await store.kernels()).toEqual([gelu]);
        expect(await store.kernels({ name: 'triton_poi_0' })).toEqual([gelu]);
        expect(await store.kernels({ name: 'softmax' })).toEqual([]);
      });

      it('keeps an opaque kernel', async () => {
        const opaque = { ...gelu, ir: null, source: 'opaque' };
        await store.saveKernel(opaque);
        expect(await store.kernel(gelu.hash)).toEqual(opaque);
      });

      it('lists imported kernels by name, the last import of a name', async () => {
        await store.saveKernel(gelu);
        await store.importKernel({ ...gelu, name: 'mine' }, 3);
        now = 2_000;
        await store.importKernel({ ...gelu, hash: 'other', name: 'mine' }, null);
        const mine = { kernel: { ...gelu, hash: 'other', name: 'mine' }, calls: null, importedAt: 2_000 };
        expect(await store.importedKernels()).toEqual([mine]);
        expect(await store.importedKernel('mine')).toEqual(mine);
        expect(await store.importedKernel('gelu')).toBeUndefined();
      });

      it('lists the target saved last first, of those with one name', async () => {
        await store.saveTarget(v75);
        now = 2_000;
        await store.saveTarget({ ...v75, fingerprint: 'sim-v75-2' });
        expect((await store.targets({ name: v75.name })).map((t) => t.fingerprint)).toEqual([
          'sim-v75-2',
          'sim-v75-1',
        ]);
        now = 3_000;
        await store.saveTarget(v75);
        expect((await store.targets()).map((t) => t.fingerprint)).toEqual(['sim-v75-1', 'sim-v75-2']);
      });
    });

    describe('studies', () => {
      it('is one study for one identity, and stays as it was created', async () => {
        await begin(store);
        now = 9_000;
        const again = await store.openStudy({ ...geluOnV75, toolVersion: '9.9.9' });
        expect(again).toEqual({ ...geluOnV75, id: idOf(geluOnV75), createdAt: 1_000, state: 'open' });
        expect(await store.studies()).toHaveLength(1);
        expect((await store.openStudy({ ...geluOnV75, seed: 8 })).id).not.toBe(again.id);
        expect(await store.studies()).toHaveLength(2);
      });

      it('refuses a study of a kernel that was not saved', async () => {
        await expect(store.openStudy(geluOnV75)).rejects.toThrow();
        expect(await store.studies()).toEqual([]);
      });

      it('finds a study by the beginning of its id, unless two have it', async () => {
        const { studyId } = await begin(store);
        expect((await store.study(studyId.slice(0, 5)))?.id).toBe(studyId);
        expect(await store.study('')).toBeUndefined();
        expect(await store.study('zz')).toBeUndefined();
        for (let seed = 100; seed < 120; seed++) await store.openStudy({ ...geluOnV75, seed });
        const firsts = (await store.studies()).map((summary) => summary.study.id[0]);
        const twice = firsts.find((first, place) => firsts.indexOf(first) !== place) ?? '';
        expect(await store.study(twice)).toBeUndefined();
      });

      it('changes its state and nothing else', async () => {
        const { studyId } = await begin(store);
        await store.setStudyState(studyId, 'paused');
        expect((await store.study(studyId))?.state).toBe('paused');
        expect(await store.studies({ state: 'open' })).toEqual([]);
        expect(await store.studies({ state: 'paused' })).toHaveLength(1);
      });

      it('lists with counts, best and last visit, by what is asked', async () => {
        const { studyId, visitId } = await begin(store);
        await store.settle({
          studyId,
          visitId,
          activeMs: 5,
          results: [timed(1, 20), invalid(2), timed(3, 10)],
        });
        const [summary] = await store.studies({
          kernelName: 'gelu',
          targetName: 'hexagon-v75',
          dtype: 'f32',
        });
        expect(summary).toMatchObject({
          kernel: { hash: gelu.hash, name: 'gelu', shape: '1048576', dtype: 'f32' },
          target: { fingerprint: v75.fingerprint, name: 'hexagon-v75', kind: 'simulator' },
          settled: 3,
          timed: 2,
          best: { timeUs: 10, basis: 'trial' },
          lastVisit: { id: visitId, state: 'open', activeMs: 5 },
        });
        expect(await store.studies({ kernelName: 'softmax' })).toEqual([]);
        expect(await store.studies({ shape: '2^20' })).toEqual([]);
        expect(await store.studies({ targetFingerprint: 'other' })).toEqual([]);
        expect(await store.studies({ kernelHash: gelu.hash })).toHaveLength(1);
      });
    });

    describe('visits', () => {
      it('knows the one that was interrupted, and how long it was worked on', async () => {
        const { studyId, visitId } = await begin(store);
        await store.settle({ studyId, visitId, activeMs: 77, results: [timed(1, 20)] });
        expect(await store.interruptedVisit(studyId)).toMatchObject({
          id: visitId,
          budget: { trials: 100 },
          activeMs: 77,
          trialsAtStart: 0,
          state: 'open',
        });
        now = 3_000;
        await store.endVisit(visitId, { stoppedBy: 'trials', activeMs: 80 });
        expect(await store.interruptedVisit(studyId)).toBeUndefined();
        expect(await store.visits(studyId)).toMatchObject([
          { state: 'ended', stoppedBy: 'trials', startedAt: 1_000, endedAt: 3_000, activeMs: 80 },
        ]);
      });

      it('ends an open one when the next begins', async () => {
        const { studyId, visitId } = await begin(store);
        await store.settle({ studyId, visitId, activeMs: 1, results: [timed(1, 20)] });
        const budget = { forMs: 5, until: 9_999, stall: { gain: 0.01, trials: 200 } };
        const environment = { load: 0.5, host: 'here', quiet: true };
        const next = await store.startVisit({ studyId, budget, toolVersion: '1', environment });
        expect(next).toMatchObject({ trialsAtStart: 1, budget, environment });
        const [first, second] = await store.visits(studyId);
        expect(first).toMatchObject({ state: 'ended', stoppedBy: 'interrupted' });
        expect(second).toEqual(next);
      });

      it('refuses a visit to a study that does not exist', async () => {
        const visit = { studyId: 'nothing', budget: {}, toolVersion: '1', environment: {} };
        await expect(store.startVisit(visit)).rejects.toThrow(/no study 'nothing'/);
      });
    });

    describe('trials', () => {
      it('numbers settled trials on, and gives them back in order as they were', async () => {
        const { studyId, visitId } = await begin(store);
        const prediction = { meanLog: 3, sdLog: 0.25 };
        const first = { ...timed(1, 20), prediction, phases: { dma: 12.5, compute: 7.5 } };
        now = 2_000;
        const { settled, repeated } = await store.settle({
          studyId,
          visitId,
          activeMs: 1,
          results: [first, invalid(2)],
        });
        await store.settle({ studyId, visitId, activeMs: 2, results: [timed(3, 1 / 3)] });
        expect(repeated).toEqual([]);
        const log = await collected(store.trials(studyId));
        expect(log).toEqual([
          { ...first, number: 0, settledAt: 2_000 },
          { ...invalid(2), number: 1, settledAt: 2_000 },
          { ...timed(3, 1 / 3), number: 2, settledAt: 2_000 },
        ]);
        expect(settled).toEqual(log.slice(0, 2));
        expect(await collected(store.trials(studyId, 2))).toEqual(log.slice(2));
      });

      it('keeps the keys of a configuration in the order of the parameters', async () => {
        const { studyId, visitId } = await begin(store);
        const swapped = { ...timed(1, 20), configuration: { tile: 1, threads: 2, staging: 'dma' } };
        const { settled } = await store.settle({ studyId, visitId, activeMs: 1, results: [swapped] });
        const [stored] = await collected(store.trials(studyId));
        expect(Object.keys(settled[0].configuration)).toEqual(['threads', 'staging', 'tile']);
        expect(Object.keys(stored.configuration)).toEqual(['threads', 'staging', 'tile']);
      });

      it('refuses a second result of a configuration, and says so', async () => {
        const { studyId, visitId } = await begin(store);
        await store.settle({ studyId, visitId, activeMs: 1, results: [timed(1, 20)] });
        const again = { ...timed(1, 5), configuration: { tile: 1, threads: 2, staging: 'dma' } };
        const { settled, repeated } = await store.settle({
          studyId,
          visitId,
          activeMs: 1,
          results: [again, timed(2, 30)],
        });
        expect(repeated).toEqual([again]);
        expect(settled.map((trial) => trial.number)).toEqual([1]);
        expect(await store.fastest(studyId, 9)).toMatchObject([{ timeUs: 20 }, { timeUs: 30 }]);
      });

      it('changes nothing when one result of a batch cannot be stored', async () => {
        const { studyId, visitId } = await begin(store);
        const missing = { ...timed(2, 5), configuration: { threads: 2, tile: 2 } };
        const batch = { studyId, visitId, activeMs: 9 };
        await expect(store.settle({ ...batch, results: [timed(1, 20), missing] })).rejects.toThrow(
          /no 'staging'/,
        );
        const extra = { ...timed(2, 5), configuration: { ...at(2), colour: 'red' } };
        await expect(store.settle({ ...batch, results: [timed(1, 20), extra] })).rejects.toThrow(/'colour'/);
        for (const timeUs of [Number.NaN, 0, -1, Number.POSITIVE_INFINITY]) {
          await expect(store.settle({ ...batch, results: [timed(1, 20), timed(2, timeUs)] })).rejects.toThrow(
            RangeError,
          );
        }
        expect(await store.counts(studyId)).toMatchObject({ settled: 0 });
        expect(await store.interruptedVisit(studyId)).toMatchObject({ activeMs: 0 });
      });

      it('settles what was running, and gives up the rest', async () => {
        const { studyId, visitId } = await begin(store);
        await store.markRunning(studyId, [timed(1, 1), timed(2, 1)].map(proposalOf));
        now = 5_000;
        await store.markRunning(studyId, [proposalOf(timed(3, 1))]);
        await store.settle({ studyId, visitId, activeMs: 1, results: [timed(2, 20)] });
        expect(await store.unsettled(studyId)).toEqual([
          { ...proposalOf(timed(1, 1)), state: 'running', startedAt: 1_000 },
          { ...proposalOf(timed(3, 1)), state: 'running', startedAt: 5_000 },
        ]);
        expect(await store.abandonRunning({ startedBefore: 5_000 })).toBe(1);
        expect(await store.abandonRunning({ studyId: 'nothing' })).toBe(0);
        expect(await store.counts(studyId)).toMatchObject({ settled: 1, running: 1, abandoned: 1 });
        expect(await store.abandonRunning({ studyId })).toBe(1);
        await store.markRunning(studyId, [timed(1, 1), timed(2, 1)].map(proposalOf));
        expect(await store.counts(studyId)).toMatchObject({ settled: 1, running: 1, abandoned: 1 });
        await store.settle({ studyId, visitId, activeMs: 1, results: [timed(3, 5)] });
        expect(await store.counts(studyId)).toMatchObject({ settled: 2, running: 1, abandoned: 0 });
        expect(await store.abandonRunning()).toBe(1);
      });

      it('counts by state, reason and subset', async () => {
        const { studyId, visitId } = await begin(store);
        await store.settle({
          studyId,
          visitId,
          activeMs: 1,
          results: [timed(1, 20), invalid(2), timed(3, 10)],
        });
        expect(await store.counts(studyId)).toEqual({
          settled: 3,
          timed: 2,
          invalid: { timeout: 1, compile: 0, runtime: 0, correctness: 0, constraints: 0 },
          running: 0,
          abandoned: 0,
          bySubset: { mt: 2, scalar: 1 },
        });
      });

      it('lists a page of what a filter lets through', async () => {
        const { studyId, visitId } = await begin(store);
        const results = [timed(1, 20), invalid(2), timed(3, 10), timed(4, 10)];
        await store.settle({ studyId, visitId, activeMs: 1, results });
        await store.markRunning(studyId, [proposalOf(timed(5, 1))]);
        const numbers = async (filter: Omit<Parameters<TrialStore['listTrials']>[0], 'limit'>, limit = 9) =>
          (await store.listTrials({ ...filter, limit })).map(({ trial }) =>
            'number' in trial ? trial.number : -1,
          );
        expect(await numbers({})).toEqual([0, 1, 2, 3]);
        expect(await numbers({ studyId, order: 'time' })).toEqual([2, 3, 0]);
        expect(await numbers({ studyId, order: 'time', offset: 1 }, 1)).toEqual([3]);
        expect(await numbers({ state: 'invalid' })).toEqual([1]);
        expect(await numbers({ reason: 'timeout', subset: 'scalar' })).toEqual([1]);
        expect(await numbers({ reason: 'compile' })).toEqual([]);
        expect(await numbers({ state: 'running' })).toEqual([-1]);
        expect(await numbers({ studyId: 'nothing' })).toEqual([]);
      });

      it('goes through a log longer than a page', async () => {
        const { studyId, visitId } = await begin(store);
        const results = [1, 2, 4, 8, 16, 32, 64].flatMap((threads) =>
          Array.from({ length: 300 }, (_, tile) => timed(tile, 100 + tile, threads)),
        );
        await store.settle({ studyId, visitId, activeMs: 1, results });
        const log = await collected(store.trials(studyId));
        expect(log.map((trial) => trial.number)).toEqual(results.map((_, number) => number));
      });
    });

    describe('best', () => {
      const query = { kernel: { hash: gelu.hash }, target: { fingerprint: v75.fingerprint } };

      it('is nothing before a trial was timed', async () => {
        const { studyId, visitId } = await begin(store);
        await store.settle({ studyId, visitId, activeMs: 1, results: [invalid(1)] });
        expect(await store.best(query)).toBeUndefined();
      });

      it('is the fastest trial of any study, with where it comes from', async () => {
        const { studyId, visitId } = await begin(store);
        const other = await begin(store, { ...geluOnV75, seed: 8 });
        await store.settle({
          studyId,
          visitId,
          activeMs: 1,
          results: [timed(1, 20), timed(2, 10), timed(3, 10)],
        });
        await store.settle({ ...other, activeMs: 1, results: [timed(9, 15)] });
        expect(await store.best(query)).toEqual({
          studyId,
          kernel: { hash: gelu.hash, name: 'gelu', shape: '1048576', dtype: 'f32' },
          target: { fingerprint: v75.fingerprint, name: 'hexagon-v75', kind: 'simulator' },
          configuration: at(2),
          timeUs: 10,
          basis: 'trial',
          measuredAt: 1_000,
          toolVersion: '0.2.0',
        });
      });

      it("is the final comparison's recommendation once there is one", async () => {
        const { studyId, visitId } = await begin(store);
        await store.settle({ studyId, visitId, activeMs: 1, results: [timed(1, 20), timed(2, 10)] });
        now = 4_000;
        const recommended = { configuration: at(1), timeUs: 10.05 };
        await store.saveFindings({ studyId, comparisonId: null, recommended, document: {} });
        await store.settle({ studyId, visitId, activeMs: 1, results: [timed(5, 1)] });
        expect(await store.best(query)).toMatchObject({
          ...recommended,
          basis: 'comparison',
          measuredAt: 4_000,
        });
        await store.saveFindings({ studyId, comparisonId: null, recommended: null, document: {} });
        expect(await store.best(query)).toMatchObject({ timeUs: 1, basis: 'trial' });
      });

      it('asks by names too, and never answers from an older target of the name', async () => {
        const { studyId, visitId } = await begin(store);
        await store.settle({ studyId, visitId, activeMs: 1, results: [timed(1, 20)] });
        const kernel = { name: 'gelu', shape: '1048576', dtype: 'f32' };
        expect(await store.best({ kernel, target: { name: 'hexagon-v75' } })).toMatchObject({ timeUs: 20 });
        expect(
          await store.best({ kernel: { ...kernel, shape: '8' }, target: { name: 'hexagon-v75' } }),
        ).toBeUndefined();
        now = 2_000;
        await store.saveTarget({ ...v75, fingerprint: 'sim-v75-2' });
        expect(await store.best({ kernel, target: { name: 'hexagon-v75' } })).toBeUndefined();
        expect(await store.best({ kernel, target: { fingerprint: v75.fingerprint } })).toMatchObject({
          timeUs: 20,
        });
      });

      it('lists one a kernel and target', async () => {
        const { studyId, visitId } = await begin(store);
        await store.settle({ studyId, visitId, activeMs: 1, results: [timed(1, 20)] });
        const small = { ...gelu, hash: 'small', shape: '4096' };
        await store.saveKernel(small);
        for (const [seed, timeUs] of [
          [1, 9],
          [2, 8],
        ]) {
          const { id } = await store.openStudy({ ...geluOnV75, kernelHash: 'small', seed });
          const visit = await store.startVisit({
            studyId: id,
            budget: {},
            toolVersion: '1',
            environment: {},
          });
          await store.settle({ studyId: id, visitId: visit.id, activeMs: 1, results: [timed(1, timeUs)] });
        }
        expect(await store.bests()).toMatchObject([
          { kernel: { shape: '1048576' }, timeUs: 20 },
          { kernel: { shape: '4096' }, timeUs: 8 },
        ]);
        const filter = { kernelName: 'gelu', dtype: 'f32', targetFingerprint: v75.fingerprint };
        expect(await store.bests(filter)).toHaveLength(2);
        expect(await store.bests({ ...filter, dtype: 'f16' })).toEqual([]);
        expect(await store.bests({ kernelName: 'softmax' })).toEqual([]);
      });
    });

    describe('comparisons, findings, models', () => {
      const comparison: Comparison = {
        kind: 'sampled',
        variants: [
          { label: 'best', configuration: at(1) },
          { label: 'default', configuration: at(2) },
        ],
        roundsUs: [
          [1.5, 2],
          [null, 2.25],
        ],
        comparedAt: 12,
        environment: { load: 0.1 },
      };

      it('gives a comparison back whole', async () => {
        const { studyId } = await begin(store);
        const id = await store.saveComparison(studyId, comparison);
        expect(await store.comparison(id)).toEqual(comparison);
        expect(await store.comparison(id + 1)).toBeUndefined();
      });

      it('keeps the latest findings of a study', async () => {
        const { studyId } = await begin(store);
        const comparisonId = await store.saveComparison(studyId, comparison);
        expect(await store.findings(studyId)).toBeUndefined();
        const document = { ladder: [{ rung: 'scalar', gain: null }], warnings: [] };
        const recommended = { configuration: at(1), timeUs: 1.5 };
        await store.saveFindings({ studyId, comparisonId: null, recommended: null, document: {} });
        await store.saveFindings({ studyId, comparisonId, recommended, document });
        expect(await store.findings(studyId)).toEqual({
          studyId,
          comparisonId,
          recommended,
          document,
          foundAt: 1_000,
        });
      });

      it('keeps models by version, and knows the latest of a kind', async () => {
        const forest = {
          version: 'f1',
          kind: 'forest',
          metrics: { rank: 0.9 },
          blob: Uint8Array.of(1, 2, 255),
        };
        await store.saveModel(forest);
        now = 2_000;
        await store.saveModel({ ...forest, version: 'f2' });
        await store.saveModel({ ...forest, version: 'n1', kind: 'network' });
        const stored = await store.model('f1');
        expect({ ...stored, blob: Uint8Array.from(stored?.blob ?? []) }).toEqual({
          ...forest,
          createdAt: 1_000,
        });
        expect((await store.latestModel('forest'))?.version).toBe('f2');
        expect(await store.latestModel('tree')).toBeUndefined();
        expect(await store.model('f3')).toBeUndefined();
      });
    });

    it('finds nothing wrong with itself, and closes twice without complaint', async () => {
      expect(await store.problems()).toEqual([]);
      await store.close();
      await store.close();
    });
  });
}

function proposalOf({ configuration, subset, origin }: ReturnType<typeof timed>) {
  return { configuration, subset, origin };
}
