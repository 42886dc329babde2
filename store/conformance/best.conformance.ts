import { describe, expect, it } from 'vitest';
import { at, begin, conclusionOf, gelu, geluOnV75, invalid, timed, v75 } from '../tests/examples.ts';
import type { StoreFixture } from './fixture.conformance.ts';

/** The best of a kernel on a target. */
export function declareBest(fixture: StoreFixture): void {
  describe('best', () => {
    const query = { kernel: { hash: gelu.hash }, target: { fingerprint: v75.fingerprint } };

    it('is undefined before a trial was timed', async () => {
      const { studyId, visitId } = await begin(fixture.store);
      await fixture.store.settle({ studyId, visitId, activeMs: 1, results: [invalid(1)] });
      expect(await fixture.store.best(query)).toBeUndefined();
    });

    it('is the fastest trial of any study, with its origin', async () => {
      const { studyId, visitId } = await begin(fixture.store);
      const other = await begin(fixture.store, { ...geluOnV75, seed: 8 });
      await fixture.store.settle({
        studyId,
        visitId,
        activeMs: 1,
        results: [timed(1, 20), timed(2, 10), timed(3, 10)],
      });
      await fixture.store.settle({ ...other, activeMs: 1, results: [timed(9, 15)] });
      expect(await fixture.store.best(query)).toEqual({
        studyId,
        kernel: { hash: gelu.hash, name: 'gelu', shape: '1048576', dtype: 'f32', source: 'library' },
        target: { fingerprint: v75.fingerprint, name: 'hexagon-v75', kind: 'simulator' },
        configuration: at(2),
        timeUs: 10,
        basis: 'trial',
        objective: 'time',
        measuredAt: 1_000,
        toolVersion: '0.2.0',
      });
    });

    it('is of studies that seek what is asked for', async () => {
      const fast = await begin(fixture.store);
      const frugal = await begin(fixture.store, { ...geluOnV75, objective: 'energyJ' });
      await fixture.store.settle({ ...fast, activeMs: 1, results: [timed(1, 20)] });
      await fixture.store.settle({ ...frugal, activeMs: 1, results: [timed(2, 10)] });
      expect(await fixture.store.best(query)).toMatchObject({ timeUs: 20, objective: 'time' });
      const asked = { ...query, objective: 'energyJ' };
      expect(await fixture.store.best(asked)).toMatchObject({ timeUs: 10, objective: 'energyJ' });
      expect(await fixture.store.bests({ objective: 'energyJ' })).toMatchObject([{ timeUs: 10 }]);
      expect(await fixture.store.bests({ objective: 'bytes' })).toEqual([]);
      expect(await fixture.store.best({ ...query, objective: 'bytes' })).toBeUndefined();
    });

    it('is of an unrestricted study where a restricted one is as fast', async () => {
      const { space } = geluOnV75;
      const constraints = [...space.constraints, ...space.constraints.slice(0, 1)];
      for (const seed of [11, 12, 13, 14]) {
        const restricted = {
          ...geluOnV75,
          seed,
          spaceHash: `restricted ${seed}`,
          space: { ...space, constraints },
        };
        const other = await begin(fixture.store, restricted);
        await fixture.store.settle({ ...other, activeMs: 1, results: [timed(1, 10)] });
      }
      const { studyId, visitId } = await begin(fixture.store);
      await fixture.store.settle({ studyId, visitId, activeMs: 1, results: [timed(2, 10)] });
      expect(await fixture.store.best(query)).toMatchObject({ studyId });
      expect(await fixture.store.bests()).toMatchObject([{ studyId }]);
    });

    it("is the final comparison's recommendation once there is one", async () => {
      const { studyId, visitId } = await begin(fixture.store);
      await fixture.store.settle({ studyId, visitId, activeMs: 1, results: [timed(1, 20), timed(2, 10)] });
      fixture.setTime(4_000);
      const recommended = { configuration: at(1), timeUs: 10.05 };
      await fixture.store.conclude({ ...conclusionOf(studyId, null), recommended });
      expect(await fixture.store.best(query)).toMatchObject({ ...recommended, basis: 'trial' });
      const variants = [{ label: 'best', configuration: at(1) }];
      const comparison = {
        kind: 'sampled',
        variants,
        roundsUs: [[10.05]],
        comparedAt: 1,
        environment: {},
      } as const;
      await fixture.store.conclude({ ...conclusionOf(studyId, comparison), recommended });
      await fixture.store.settle({ studyId, visitId, activeMs: 1, results: [timed(5, 1)] });
      expect(await fixture.store.best(query)).toMatchObject({
        ...recommended,
        basis: 'comparison',
        measuredAt: 4_000,
      });
      // A visit that recommends nothing leaves no answer, until a later trial is faster than all before.
      await fixture.store.conclude(conclusionOf(studyId, null));
      expect(await fixture.store.best(query)).toBeUndefined();
      fixture.setTime(5_000);
      await fixture.store.settle({ studyId, visitId, activeMs: 1, results: [timed(6, 0.5)] });
      expect(await fixture.store.best(query)).toMatchObject({ timeUs: 0.5, basis: 'trial' });
    });

    it('is never from an older target, nor from another kernel, of the same name', async () => {
      const { studyId, visitId } = await begin(fixture.store);
      await fixture.store.settle({ studyId, visitId, activeMs: 1, results: [timed(1, 20)] });
      await fixture.store.saveTarget({ ...v75, fingerprint: 'sim-v75-2' });
      await fixture.store.saveKernel({ ...gelu, hash: 'another' });
      const best = (hash: string, fingerprint: string) =>
        fixture.store.best({ kernel: { hash }, target: { fingerprint } });
      expect(await best(gelu.hash, 'sim-v75-2')).toBeUndefined();
      expect(await best('another', v75.fingerprint)).toBeUndefined();
      expect(await best(gelu.hash, v75.fingerprint)).toMatchObject({ timeUs: 20 });
    });

    it('is listed once for each kernel and target', async () => {
      const { studyId, visitId } = await begin(fixture.store);
      await fixture.store.settle({ studyId, visitId, activeMs: 1, results: [timed(1, 20)] });
      const small = { ...gelu, hash: 'small', shape: '4096' };
      await fixture.store.saveKernel(small);
      for (const [seed, timeUs] of [
        [1, 9],
        [2, 8],
      ]) {
        const { id } = await fixture.store.openStudy({ ...geluOnV75, kernelHash: 'small', seed });
        const visit = await fixture.store.startVisit({
          studyId: id,
          budget: {},
          toolVersion: '1',
          environment: {},
        });
        await fixture.store.settle({
          studyId: id,
          visitId: visit.id,
          activeMs: 1,
          results: [timed(1, timeUs)],
        });
      }
      expect(await fixture.store.bests()).toMatchObject([
        { kernel: { shape: '1048576' }, timeUs: 20 },
        { kernel: { shape: '4096' }, timeUs: 8 },
      ]);
      const filter = { kernelName: 'gelu', dtype: 'f32', targetFingerprint: v75.fingerprint };
      expect(await fixture.store.bests(filter)).toHaveLength(2);
      expect(await fixture.store.bests({ ...filter, dtype: 'f16' })).toEqual([]);
      expect(await fixture.store.bests({ kernelName: 'softmax' })).toEqual([]);
    });
  });
}
