import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../open-store.ts';
import type { Store } from '../store.ts';
import {
  at,
  begin,
  collected,
  conclusionOf,
  gelu,
  geluOnV75,
  invalid,
  proposalOf,
  summaries,
  summariesOf,
  timed,
  v75,
  verification,
} from '../tests/examples.ts';
import type { StoreFixture } from './fixture.conformance.ts';

/** Merging other stores, and collecting targets. */
export function declareUpkeep(fixture: StoreFixture): void {
  describe('merge', () => {
    let folder = '';
    let path = '';
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'nightshift-merge-'));
      path = join(folder, 'other.db');
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    /** Another store of the same study: trials of tiles 1 (10 µs), 2 (invalid), 3 (5 µs), and a running one. */
    async function makeOther(also?: (other: Store, studyId: string) => Promise<unknown>): Promise<void> {
      const writer = { role: 'test' };
      const other = await openStore(path, { mode: 'write', clock: { now: () => 500 }, writer });
      const visit = await begin(other);
      await other.settle({ ...visit, activeMs: 3, results: [timed(1, 10), invalid(2), timed(3, 5)] });
      await other.markRunning(visit.studyId, [proposalOf(timed(4, 1))]);
      await also?.(other, visit.studyId);
      await other.close();
    }

    it('merges everything into an empty store unchanged', async () => {
      await makeOther((other) =>
        other.importKernel({ kernel: { ...gelu, hash: 'mine', name: 'mine' }, calls: 2, ttir: 'x' }),
      );
      const merged = await fixture.store.merge(path);
      expect(merged).toEqual({ kernels: 2, targets: 1, studies: 1, trials: 3, models: 0 });
      const [{ study, best, lastVisit }] = await fixture.store.studies();
      expect(study).toMatchObject({ createdAt: 500, space: geluOnV75.space });
      expect(best).toMatchObject({ timeUs: 5, toolVersion: '0.2.0', measuredAt: 500 });
      expect(lastVisit).toMatchObject({ state: 'ended', stoppedBy: 'interrupted', activeMs: 3 });
      const log = await collected(fixture.store.trials(study.id));
      expect(log).toEqual(
        [timed(1, 10), invalid(2), timed(3, 5)].map((result, number) => ({
          ...result,
          number,
          settledAt: 500,
        })),
      );
      expect(await fixture.store.unsettled(study.id)).toEqual([]);
      expect(await fixture.store.importedKernel('mine')).toMatchObject({ calls: 2, importedAt: 500 });
      expect(await fixture.store.problems()).toEqual([]);
    });

    it('continues the numbers of a shared study, keeps its own results, and merges nothing twice', async () => {
      await makeOther();
      const visit = await begin(fixture.store);
      await fixture.store.settle({ ...visit, activeMs: 1, results: [timed(9, 30), timed(1, 20)] });
      await fixture.store.markRunning(visit.studyId, [proposalOf(timed(3, 1))]);
      expect((await fixture.store.merge(path)).trials).toBe(2);
      const log = await collected(fixture.store.trials(visit.studyId));
      expect(log.map(({ number, configuration }) => [number, configuration.tile])).toEqual([
        [0, 9],
        [1, 1],
        [2, 2],
        [3, 3],
      ]);
      expect(log[1]).toMatchObject({ timeUs: 20 });
      expect(await summaries(fixture.store, visit.studyId)).toEqual(summariesOf(log));
      expect(await fixture.store.unsettled(visit.studyId)).toEqual([]);
      expect(await fixture.store.interruptedVisit(visit.studyId)).toMatchObject({ id: visit.visitId });
      const before = [await fixture.store.visits(visit.studyId), await fixture.store.studies()];
      const nothing = { kernels: 0, targets: 0, studies: 0, trials: 0, models: 0 };
      expect(await fixture.store.merge(path)).toEqual(nothing);
      expect([await fixture.store.visits(visit.studyId), await fixture.store.studies()]).toEqual(before);
      await fixture.store.settle({ ...visit, activeMs: 1, results: [timed(50, 1)] });
      expect((await fixture.store.fastest(visit.studyId, 1))[0]).toMatchObject({ number: 4 });
    });

    it('merges the verifications of a study that has none here', async () => {
      await makeOther((other, studyId) => other.saveVerification({ ...verification, studyId }));
      await fixture.store.merge(path);
      const [{ study }] = await fixture.store.studies();
      const merged = await fixture.store.verifications(study.id);
      expect(merged).toEqual([{ ...verification, studyId: study.id, verifiedAt: 500 }]);
      const own = { ...verification, studyId: study.id, winner: at(4) };
      await fixture.store.saveVerification(own);
      await fixture.store.merge(path);
      expect(await fixture.store.verifications(study.id)).toEqual([{ ...own, verifiedAt: 1_000 }]);
    });

    it('merges later findings with their comparison, and ignores earlier ones', async () => {
      const comparison = {
        kind: 'ensemble',
        variants: [{ label: 'best', configuration: at(3) }],
        roundsUs: [[5]],
        comparedAt: 7,
        environment: {},
      } as const;
      const recommended = { configuration: at(3), timeUs: 5 };
      await makeOther(async (other, studyId) => {
        const document = { from: 'other' };
        await other.conclude({ ...conclusionOf(studyId, comparison), recommended, document });
      });
      const { studyId } = await begin(fixture.store);
      fixture.setTime(100);
      await fixture.store.conclude(conclusionOf(studyId, { ...comparison, comparedAt: 1 }));
      await fixture.store.merge(path);
      const taken = await fixture.store.findings(studyId);
      expect(taken).toMatchObject({ document: { from: 'other' }, recommended, foundAt: 500 });
      expect(await fixture.store.comparison(taken?.comparisonId ?? -1)).toEqual(comparison);
      expect(await fixture.store.best({ kernel: gelu, target: v75 })).toMatchObject({ basis: 'comparison' });
      fixture.setTime(900);
      await fixture.store.conclude({ ...conclusionOf(studyId, null), document: { from: 'here' } });
      await fixture.store.merge(path);
      expect(await fixture.store.findings(studyId)).toMatchObject({ document: { from: 'here' } });
    });

    it('refuses a file that is not a store, and changes nothing', async () => {
      await expect(fixture.store.merge(path)).rejects.toMatchObject({ name: 'StoreError', kind: 'missing' });
      expect(await fixture.store.studies()).toEqual([]);
    });
  });

  describe('collect', () => {
    it('deletes a target with all its results, and nothing else', async () => {
      const visit = await begin(fixture.store);
      await fixture.store.settle({ ...visit, activeMs: 1, results: [timed(1, 20)] });
      await fixture.store.saveTarget({ ...v75, fingerprint: 'gone' });
      await fixture.store.saveKernel({ ...gelu, hash: 'softmax', name: 'softmax' });
      await fixture.store.importKernel({
        kernel: { ...gelu, hash: 'mine', name: 'mine' },
        calls: null,
        ttir: null,
      });
      for (const kernelHash of ['softmax', gelu.hash]) {
        const study = { ...geluOnV75, kernelHash, targetFingerprint: 'gone' };
        const { id: studyId } = await fixture.store.openStudy(study);
        const opened = { studyId, budget: {}, toolVersion: '1', environment: {} };
        const { id: visitId } = await fixture.store.startVisit(opened);
        await fixture.store.settle({ studyId, visitId, activeMs: 1, results: [timed(1, 1), invalid(2)] });
        await fixture.store.conclude(conclusionOf(studyId, null));
      }
      const gone = await fixture.store.collect(['gone', 'never was']);
      expect(gone).toEqual({ targets: 1, studies: 2, trials: 4, kernels: 1 });
      expect((await fixture.store.kernels()).map((kernel) => kernel.name)).toEqual(['gelu', 'mine']);
      expect((await fixture.store.targets()).map((target) => target.fingerprint)).toEqual([v75.fingerprint]);
      expect((await fixture.store.studies()).map(({ study }) => study.id)).toEqual([visit.studyId]);
      expect(await fixture.store.best({ kernel: gelu, target: v75 })).toMatchObject({ timeUs: 20 });
      expect(await fixture.store.problems()).toEqual([]);
    });
  });
}
