import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { countSubspaces } from '../../src/ask/count-subspaces.ts';
import { openStudy } from '../../src/ask/open-study.ts';
import { resolveStudy } from '../../src/ask/resolve-study.ts';
import { poolBackend } from '../../src/fleet/pool-backend.ts';
import { openStore } from '../../store/open-store.ts';
import { systemClock } from '../../tuner/clock.ts';
import { searchStudy } from '../../tuner/study.ts';
import { SPEC } from './subject.ts';

/** How many trials a second one study proposes and settles where devices take no time, and how many SQLite alone settles. */
export type Ceilings = Readonly<{ strategy: string; study: number; store: number }>;

export async function ceilings(strategy: string, trials: number): Promise<Ceilings> {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-bench-'));
  const store = await openStore(join(folder, 'n.db'), {
    mode: 'write',
    clock: systemClock,
    writer: { role: 'bench' },
  });
  try {
    const spec = { ...SPEC, strategy };
    const resolved = await resolveStudy(spec);
    const study = await openStudy(await countSubspaces(resolved), store, 'bench');
    const backend = poolBackend({
      fleet: {
        count: () => 8,
        ask: async (work) => {
          if (work.kind !== 'measure') return undefined;
          const measured = work.samples.map(() => ({ state: 'timed', timeUs: 100 }) as const);
          return { kind: 'measured', id: work.id, lease: 1, measured };
        },
      },
      pool: { pattern: '*', fingerprint: 'bench' },
      owner: 'bench',
      id: study.id,
      spec,
      space: study.space,
      kind: 'simulator',
      opened: { rounds: null, batchSize: 1 },
    });
    let settlingMs = 0;
    const settle: typeof store.settle = async (batch) => {
      const began = performance.now();
      const settled = await store.settle(batch);
      settlingMs += performance.now() - began;
      return settled;
    };
    const began = performance.now();
    await searchStudy(
      study,
      { trials },
      {
        store: { ...store, settle },
        backend,
        clock: systemClock,
        signal: new AbortController().signal,
        listen: () => {},
        toolVersion: 'bench',
        environment: {},
      },
    );
    const seconds = (performance.now() - began) / 1000;
    return { strategy, study: trials / seconds, store: (1000 * trials) / settlingMs };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}
