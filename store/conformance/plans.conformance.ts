import { describe, expect, it } from 'vitest';
import { begin, geluOnV75, timed, v75 } from '../tests/examples.ts';
import type { StoreFixture } from './fixture.conformance.ts';

/** Plans and their progress. */
export function declarePlans(fixture: StoreFixture): void {
  const submit = async (id: string, ...studyIds: readonly string[]) =>
    fixture.store.savePlan({
      id,
      document: { seed: 5 },
      studies: studyIds.map((studyId) => ({ studyId, task: { priority: 1, start: [] } })),
    });
  const ended = { stoppedBy: 'trials', activeMs: 5 };

  describe('plans', () => {
    it('returns the submitted plans, oldest first', async () => {
      const { studyId } = await begin(fixture.store);
      const { id: other } = await fixture.store.openStudy({ ...geluOnV75, seed: 8 });
      const plan = await submit('b', other, studyId);
      expect(plan).toEqual({
        id: 'b',
        document: { seed: 5 },
        submittedAt: 1_000,
        activeMs: 0,
        endedAt: null,
        studies: [other, studyId].map((id) => ({
          studyId: id,
          task: { priority: 1, start: [] },
          state: 'waiting',
          stoppedBy: null,
        })),
      });
      await submit('a', studyId);
      expect((await fixture.store.plans()).map(({ id }) => id)).toEqual(['b', 'a']);
      expect(await fixture.store.plan('b')).toEqual(plan);
      expect(await fixture.store.plan('c')).toBeUndefined();
    });

    it('stores nothing of a plan with an unknown study', async () => {
      const { studyId } = await begin(fixture.store);
      await expect(submit('a', studyId, 'nothing')).rejects.toThrow(/no study 'nothing'/);
      expect(await fixture.store.plans()).toEqual([]);
    });

    it('records progress, and lists a plan as active until it ends', async () => {
      const { studyId } = await begin(fixture.store);
      await submit('a', studyId);
      await fixture.store.keepPlanActive('a', 750);
      await fixture.store.beginPlanned('a', studyId);
      const plan = await fixture.store.plan('a');
      expect(plan).toMatchObject({ activeMs: 750, studies: [{ state: 'begun' }] });
      for (const planned of plan?.studies ?? [])
        expect(await fixture.store.planned('a', planned.studyId)).toEqual(planned);
      expect(await fixture.store.planned('a', 'none')).toBeUndefined();
      await fixture.store.endPlanned('a', studyId, 'stalled');
      await fixture.store.endPlanned('a', studyId, 'later');
      expect(await fixture.store.plans({ active: true })).toHaveLength(1);
      fixture.setTime(9_000);
      await fixture.store.endPlan('a');
      expect(await fixture.store.plans({ active: true })).toEqual([]);
      expect(await fixture.store.plan('a')).toMatchObject({
        endedAt: 9_000,
        studies: [{ state: 'ended', stoppedBy: 'stalled' }],
      });
    });

    it('counts an open visit as the plan’s', async () => {
      const { studyId, visitId } = await begin(fixture.store);
      await submit('a', studyId);
      await fixture.store.beginPlanned('a', studyId);
      await fixture.store.settle({ studyId, visitId, activeMs: 5, results: [timed(1, 20)] });
      expect(await fixture.store.plannedEnd('a', studyId)).toBeUndefined();
      await fixture.store.endVisit(visitId, ended);
      expect(await fixture.store.plannedEnd('a', studyId)).toBe('trials');
    });

    it('knows the end of a visit for the plan, but not of an earlier or interrupted one', async () => {
      const { studyId, visitId } = await begin(fixture.store);
      await fixture.store.endVisit(visitId, ended);
      await submit('a', studyId);
      expect(await fixture.store.plannedEnd('a', studyId)).toBeUndefined();
      await fixture.store.beginPlanned('a', studyId);
      expect(await fixture.store.plannedEnd('a', studyId)).toBeUndefined();
      const visit = { studyId, budget: {}, toolVersion: '1', environment: {} };
      await fixture.store.startVisit(visit);
      const { id } = await fixture.store.startVisit(visit);
      expect(await fixture.store.plannedEnd('a', studyId)).toBeUndefined();
      await fixture.store.endVisit(id, { ...ended, stoppedBy: 'stalled' });
      await fixture.store.beginPlanned('a', studyId);
      expect(await fixture.store.plannedEnd('a', studyId)).toBe('stalled');
    });

    it('drops a study whose target is collected', async () => {
      const { studyId } = await begin(fixture.store);
      await submit('a', studyId);
      await fixture.store.collect([v75.fingerprint]);
      expect(await fixture.store.plan('a')).toMatchObject({ studies: [] });
      expect(await fixture.store.problems()).toEqual([]);
    });
  });
}
