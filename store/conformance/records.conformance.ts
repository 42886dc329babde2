import { describe, expect, it } from 'vitest';
import type { Comparison } from '../comparison.ts';
import { at, begin, conclusionOf, gelu, v75, verification } from '../tests/examples.ts';
import type { StoreFixture } from './fixture.conformance.ts';

/** Records are returned as they were stored: kernels, targets, comparisons, findings, models. */
export function declareRecords(fixture: StoreFixture): void {
  describe('kernels and targets', () => {
    it('returns what was saved', async () => {
      await fixture.store.saveKernel(gelu);
      await fixture.store.saveTarget(v75);
      expect(await fixture.store.kernel(gelu.hash)).toEqual(gelu);
      expect(await fixture.store.target(v75.fingerprint)).toEqual(v75);
      expect(await fixture.store.kernel('nothing')).toBeUndefined();
      expect(await fixture.store.target('nothing')).toBeUndefined();
    });

    it('finds a kernel under every name it was saved with', async () => {
      await fixture.store.saveKernel(gelu);
      await fixture.store.saveKernel({ ...gelu, name: 'triton_poi_0' });
      expect(await fixture.store.kernels()).toEqual([gelu]);
      expect(await fixture.store.kernels({ name: 'triton_poi_0' })).toEqual([gelu]);
      expect(await fixture.store.kernels({ name: 'softmax' })).toEqual([]);
    });

    it('keeps an opaque kernel', async () => {
      const opaque = { ...gelu, ir: null, source: 'opaque' };
      await fixture.store.saveKernel(opaque);
      expect(await fixture.store.kernel(gelu.hash)).toEqual(opaque);
    });

    it('lists imported kernels by name, the last import of a name', async () => {
      await fixture.store.saveKernel(gelu);
      await fixture.store.importKernel({ kernel: { ...gelu, name: 'mine' }, calls: 3, ttir: null });
      fixture.setTime(2_000);
      await fixture.store.importKernel({
        kernel: { ...gelu, hash: 'other', name: 'mine' },
        calls: null,
        ttir: 'module {}',
      });
      const kernel = { ...gelu, hash: 'other', name: 'mine' };
      const mine = { kernel, calls: null, ttir: 'module {}', importedAt: 2_000 };
      expect(await fixture.store.importedKernels()).toEqual([mine]);
      expect(await fixture.store.importedKernel('mine')).toEqual(mine);
      expect(await fixture.store.importedKernel('gelu')).toBeUndefined();
    });

    it('lists the last saved target of a name first', async () => {
      await fixture.store.saveTarget(v75);
      fixture.setTime(2_000);
      await fixture.store.saveTarget({ ...v75, fingerprint: 'sim-v75-2' });
      expect((await fixture.store.targets({ name: v75.name })).map((t) => t.fingerprint)).toEqual([
        'sim-v75-2',
        'sim-v75-1',
      ]);
      fixture.setTime(3_000);
      await fixture.store.saveTarget(v75);
      expect((await fixture.store.targets()).map((t) => t.fingerprint)).toEqual(['sim-v75-1', 'sim-v75-2']);
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

    it('returns a whole comparison', async () => {
      const { studyId } = await begin(fixture.store);
      await fixture.store.conclude(conclusionOf(studyId, comparison));
      const id = (await fixture.store.findings(studyId))?.comparisonId ?? -1;
      expect(await fixture.store.comparison(id)).toEqual(comparison);
      expect(await fixture.store.comparison(id + 1)).toBeUndefined();
      const later = { ...comparison, comparedAt: comparison.comparedAt + 1 };
      await fixture.store.conclude(conclusionOf(studyId, later));
      expect(await fixture.store.comparisons(studyId)).toEqual([comparison, later]);
    });

    it('keeps the latest findings of a study, and ends its visit with them', async () => {
      const { studyId } = await begin(fixture.store);
      expect(await fixture.store.findings(studyId)).toBeUndefined();
      const document = { ladder: [{ rung: 'scalar', gain: null }], warnings: [] };
      const recommended = { configuration: at(1), timeUs: 1.5 };
      await fixture.store.conclude(conclusionOf(studyId, null));
      expect(await fixture.store.findings(studyId)).toMatchObject({ comparisonId: null, recommended: null });
      expect(await fixture.store.interruptedVisit(studyId)).toBeDefined();
      const end = { stoppedBy: 'trials', activeMs: 7 };
      await fixture.store.conclude({ studyId, comparison, recommended, document, end });
      expect(await fixture.store.findings(studyId)).toEqual({
        studyId,
        comparisonId: expect.any(Number),
        recommended,
        document,
        foundAt: 1_000,
      });
      expect(await fixture.store.visits(studyId)).toMatchObject([{ state: 'ended', ...end, endedAt: 1_000 }]);
    });

    it('stores a conclusion completely or not at all', async () => {
      const { studyId } = await begin(fixture.store);
      const conclusion = {
        ...conclusionOf(studyId, comparison),
        end: { stoppedBy: 'trials', activeMs: Number.NaN },
      };
      await expect(fixture.store.conclude(conclusion)).rejects.toThrow();
      expect(await fixture.store.findings(studyId)).toBeUndefined();
      expect(await fixture.store.comparisons(studyId)).toEqual([]);
      expect(await fixture.store.interruptedVisit(studyId)).toBeDefined();
    });

    it('keeps a verification, which goes on at its place, and goes with its study', async () => {
      const { studyId } = await begin(fixture.store);
      expect(await fixture.store.verifications(studyId)).toEqual([]);
      const first = { ...verification, studyId };
      await fixture.store.saveVerification(first);
      const further = { ...first, claims: [{ by: 0, verdict: 'faster' as const }] };
      await fixture.store.saveVerification({ ...first, place: 1, winner: at(4) });
      await fixture.store.saveVerification(further);
      expect(await fixture.store.verifications(studyId)).toEqual([
        { ...further, verifiedAt: 1_000 },
        { ...first, place: 1, winner: at(4), verifiedAt: 1_000 },
      ]);
      await fixture.store.collect([v75.fingerprint]);
      expect(await fixture.store.study(studyId)).toBeUndefined();
    });

    it('keeps models by version, and knows the latest of a kind', async () => {
      const forest = {
        version: 'f1',
        kind: 'forest',
        metrics: { rank: 0.9 },
        blob: Uint8Array.of(1, 2, 255),
      };
      await fixture.store.saveModel(forest);
      fixture.setTime(2_000);
      await fixture.store.saveModel({ ...forest, version: 'f2' });
      await fixture.store.saveModel({ ...forest, version: 'n1', kind: 'network' });
      const stored = await fixture.store.model('f1');
      expect({ ...stored, blob: Uint8Array.from(stored?.blob ?? []) }).toEqual({
        ...forest,
        createdAt: 1_000,
      });
      expect((await fixture.store.latestModel('forest'))?.version).toBe('f2');
      expect(await fixture.store.latestModel('tree')).toBeUndefined();
      expect(await fixture.store.model('f3')).toBeUndefined();
    });
  });
}
