import { describe, expect, it } from 'vitest';
import { studyId as idOf } from '../study-id.ts';
import { begin, gelu, geluOnV75, invalid, timed, v75 } from '../tests/examples.ts';
import type { StoreFixture } from './fixture.conformance.ts';

/** Studies and their visits. */
export function declareStudies(fixture: StoreFixture): void {
  describe('studies', () => {
    it('is stored once for each identity, and never changes', async () => {
      await begin(fixture.store);
      fixture.setTime(9_000);
      const again = await fixture.store.openStudy({ ...geluOnV75, toolVersion: '9.9.9' });
      expect(again).toEqual({ ...geluOnV75, id: idOf(geluOnV75), createdAt: 1_000, state: 'open' });
      expect(await fixture.store.studies()).toHaveLength(1);
      expect((await fixture.store.openStudy({ ...geluOnV75, seed: 8 })).id).not.toBe(again.id);
      expect(await fixture.store.studies()).toHaveLength(2);
    });

    it('refuses a study of a kernel that was not saved', async () => {
      await expect(fixture.store.openStudy(geluOnV75)).rejects.toThrow();
      expect(await fixture.store.studies()).toEqual([]);
    });

    it('finds a study by a unique beginning of its id', async () => {
      const { studyId } = await begin(fixture.store);
      expect((await fixture.store.study(studyId.slice(0, 5)))?.id).toBe(studyId);
      expect(await fixture.store.study('')).toBeUndefined();
      expect(await fixture.store.study('zz')).toBeUndefined();
      for (let seed = 100; seed < 120; seed++) await fixture.store.openStudy({ ...geluOnV75, seed });
      const firsts = (await fixture.store.studies()).map((summary) => summary.study.id[0]);
      const twice = firsts.find((first, place) => firsts.indexOf(first) !== place) ?? '';
      expect(await fixture.store.study(twice)).toBeUndefined();
    });

    it('changes its state and nothing else', async () => {
      const { studyId } = await begin(fixture.store);
      await fixture.store.setStudyState(studyId, 'paused');
      expect((await fixture.store.study(studyId))?.state).toBe('paused');
      expect(await fixture.store.studies({ state: 'open' })).toEqual([]);
      expect(await fixture.store.studies({ state: 'paused' })).toHaveLength(1);
      expect(await fixture.store.countStudies()).toEqual({ open: 0, paused: 1, done: 0, cancelled: 0 });
    });

    it('lists those with at least so many times', async () => {
      const { studyId, visitId } = await begin(fixture.store);
      await fixture.store.openStudy({ ...geluOnV75, seed: 8 });
      expect(await fixture.store.timedStudies(1)).toEqual([]);
      const results = [timed(1, 20), invalid(2), timed(3, 10)];
      await fixture.store.settle({ studyId, visitId, activeMs: 5, results });
      expect(await fixture.store.timedStudies(2)).toEqual([await fixture.store.study(studyId)]);
      expect(await fixture.store.timedStudies(3)).toEqual([]);
    });

    it('lists studies that match a filter, with counts, best and last visit', async () => {
      const { studyId, visitId } = await begin(fixture.store);
      await fixture.store.settle({
        studyId,
        visitId,
        activeMs: 5,
        results: [timed(1, 20), invalid(2), timed(3, 10)],
      });
      const [summary] = await fixture.store.studies({
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
      expect(await fixture.store.studies({ kernelName: 'softmax' })).toEqual([]);
      expect(await fixture.store.studies({ shape: '2^20' })).toEqual([]);
      expect(await fixture.store.studies({ targetFingerprint: 'other' })).toEqual([]);
      expect(await fixture.store.studies({ kernelHash: gelu.hash })).toHaveLength(1);
      expect(await fixture.store.studies({ limit: 0 })).toEqual([]);
      expect(await fixture.store.studies({ limit: 2 })).toHaveLength(1);
    });
  });
  describe('visits', () => {
    it('returns the interrupted visit with its working time', async () => {
      const { studyId, visitId } = await begin(fixture.store);
      await fixture.store.settle({ studyId, visitId, activeMs: 77, results: [timed(1, 20)] });
      expect(await fixture.store.interruptedVisit(studyId)).toMatchObject({
        id: visitId,
        budget: { trials: 100 },
        activeMs: 77,
        trialsAtStart: 0,
        state: 'open',
      });
      fixture.setTime(3_000);
      await fixture.store.endVisit(visitId, { stoppedBy: 'trials', activeMs: 80 });
      expect(await fixture.store.interruptedVisit(studyId)).toBeUndefined();
      expect(await fixture.store.visits(studyId)).toMatchObject([
        { state: 'ended', stoppedBy: 'trials', startedAt: 1_000, endedAt: 3_000, activeMs: 80 },
      ]);
    });

    it('ends an open visit when the next begins', async () => {
      const { studyId, visitId } = await begin(fixture.store);
      await fixture.store.settle({ studyId, visitId, activeMs: 1, results: [timed(1, 20)] });
      const budget = { forMs: 5, until: 9_999, stall: { gain: 0.01, trials: 200 } };
      const environment = { load: 0.5, host: 'here', quiet: true };
      const next = await fixture.store.startVisit({ studyId, budget, toolVersion: '1', environment });
      expect(next).toMatchObject({ trialsAtStart: 1, budget, environment });
      const [first, second] = await fixture.store.visits(studyId);
      expect(first).toMatchObject({ state: 'ended', stoppedBy: 'interrupted' });
      expect(second).toEqual(next);
    });

    it('refuses a visit to an unknown study', async () => {
      const visit = { studyId: 'nothing', budget: {}, toolVersion: '1', environment: {} };
      await expect(fixture.store.startVisit(visit)).rejects.toThrow(/no study 'nothing'/);
    });
  });
}
