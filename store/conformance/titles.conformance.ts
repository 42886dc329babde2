import { describe, expect, it } from 'vitest';
import type { KernelRecord, TargetRecord } from '../records.ts';
import { gelu, geluOnV75, v75 } from '../tests/examples.ts';
import type { StoreFixture } from './fixture.conformance.ts';

const imported: KernelRecord = { ...gelu, hash: 'a1b2ffffffffffff', source: '/home/me/gelu.ttir' };

/** Titles of kernels and targets with the same name. */
export function declareTitles(fixture: StoreFixture): void {
  describe('titles', () => {
    /** Stores a study of each kernel on each target; returns the titles in the list of studies. */
    async function titles(kernels: readonly KernelRecord[], targets: readonly TargetRecord[] = [v75]) {
      for (const [place, target] of targets.entries()) {
        fixture.setTime(2_000 + place);
        await fixture.store.saveTarget(target);
        for (const kernel of kernels) {
          await fixture.store.saveKernel(kernel);
          const { fingerprint: targetFingerprint } = target;
          await fixture.store.openStudy({ ...geluOnV75, kernelHash: kernel.hash, targetFingerprint });
        }
      }
      const summaries = await fixture.store.studies();
      return summaries.map(({ kernel, target }) => [kernel.name, target.name]).reverse();
    }
    const kernelTitles = async (...kernels: KernelRecord[]) =>
      (await titles(kernels)).map(([kernel]) => kernel);

    it('are plain names if no other kernel or target has the name, at any shapes and dtypes', async () => {
      const large = { ...gelu, hash: 'large', shape: '2097152' };
      const half = { ...gelu, hash: 'half', dtype: 'f16' };
      expect(await kernelTitles(gelu, large, half)).toEqual(['gelu', 'gelu', 'gelu']);
    });

    it('have the origin of a kernel with the name of a library kernel', async () => {
      const elsewhere = { ...imported, hash: 'c3d4', shape: '7' };
      const opaque = { ...imported, hash: 'e5f6', source: 'opaque' };
      expect(await kernelTitles(gelu, imported, elsewhere, opaque)).toEqual([
        'gelu',
        'gelu (imported a1b2f)',
        'gelu (imported c3d4)',
        'gelu (opaque e5f6)',
      ]);
    });

    it('tell two imports of a shape apart, and the library kernels of two versions', async () => {
      const other = { ...imported, hash: 'c3d4c3d4c3d4c3d4', source: '/elsewhere/gelu.ttir' };
      expect(await kernelTitles(imported, other)).toEqual(['gelu (imported a1b2)', 'gelu (imported c3d4)']);
      const older = { ...gelu, hash: '0000111122223333', name: 'relu' };
      const newer = { ...older, hash: '0000222233334444' };
      expect((await kernelTitles(older, newer)).slice(-2)).toEqual([
        'relu (library 00001)',
        'relu (library 00002)',
      ]);
    });

    it('mark a target’s earlier fingerprints', async () => {
      const second = { ...v75, fingerprint: 'sim-v75-0002' };
      const third = { ...v75, fingerprint: 'sim-v75-1002' };
      expect((await titles([gelu], [v75, second, third])).map(([, target]) => target)).toEqual([
        'hexagon-v75 (earlier 75-1)',
        'hexagon-v75 (earlier 0002)',
        'hexagon-v75',
      ]);
    });

    it('tell targets of several kinds apart, whichever was saved last', async () => {
      const board = { ...v75, fingerprint: 'device-v75-82f3', kind: 'device' } as const;
      const description = { firmware: '2' };
      const changed = { ...v75, fingerprint: 'device-v75-93a4', kind: 'device', description } as const;
      expect((await titles([gelu], [v75, board, changed])).map(([, target]) => target)).toEqual([
        'hexagon-v75',
        'hexagon-v75 (earlier 82f3)',
        'hexagon-v75 (device 93a4)',
      ]);
      expect(await fixture.store.studies({ targetName: 'hexagon-v75 (device 93a4)' })).toHaveLength(1);
    });

    it('do not call a device earlier that is only measured in another way', async () => {
      const board = { ...v75, name: 'board', kind: 'device', description: { firmware: '1' } } as const;
      const gemm = { ...board, fingerprint: 'device-board-82f3' };
      const conv = { ...board, fingerprint: 'device-board-93a4' };
      expect((await titles([gelu], [gemm, conv])).map(([, target]) => target)).toEqual([
        'board (setup 82f3)',
        'board',
      ]);
      expect(await fixture.store.studies({ targetName: 'board (setup 82f3)' })).toHaveLength(1);
    });

    it('find their kernels and targets', async () => {
      const second = { ...v75, fingerprint: 'sim-v75-0002' };
      await titles([gelu, imported], [v75, second]);
      const found = async (filter: Parameters<typeof fixture.store.studies>[0]) =>
        (await fixture.store.studies(filter)).map(({ kernel }) => kernel.hash);
      expect(await found({ kernelName: 'gelu' })).toHaveLength(4);
      expect(new Set(await found({ kernelName: 'gelu (imported a1b2)' }))).toEqual(
        new Set([gelu.hash, imported.hash]),
      );
      expect(new Set(await found({ kernelName: 'gelu (imported a1b2f)' }))).toEqual(new Set([imported.hash]));
      expect(await found({ targetName: 'hexagon-v75' })).toHaveLength(4);
      expect(await found({ targetName: 'hexagon-v75 (earlier 75-1)' })).toHaveLength(2);
      expect(await found({ targetName: 'hexagon-v75 (earlier 0003)' })).toEqual([]);
      expect(
        (await fixture.store.kernels({ name: 'gelu (imported a1b2f)' })).map(({ hash }) => hash),
      ).toEqual([imported.hash]);
      expect(await fixture.store.kernels({ name: 'gelu (imported' })).toEqual([]);
    });
  });
}
