import { countSubspaces } from '../../src/ask/count-subspaces.ts';
import { openStudy } from '../../src/ask/open-study.ts';
import { resolveStudy } from '../../src/ask/resolve-study.ts';
import { studySpecSchema } from '../../src/ask/study-spec.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import type { Findings } from '../../tuner/attribution/findings.ts';
import { visitStudy } from '../../tuner/study.ts';

export const clock = Object.freeze({ now: () => 1_700_000_000_000, elapsed: () => 0 });
export const TOOL_VERSION = '9.9.9';

export function emptyStore(): Promise<Store> {
  return openStore(':memory:', { mode: 'write', clock, writer: { role: 'test' } });
}

export type Tuning = Readonly<{
  kernel: string;
  shape: string;
  target?: string;
  trials?: number;
  seed?: number;
  values?: Readonly<Record<string, readonly [number, ...number[]]>>;
}>;

/** Tunes a library kernel by a few trials of random search; returns its study's id and findings. */
export async function tune(
  store: Store,
  { kernel: name, shape, target = 'hexagon-v75', trials = 40, seed = 1, values = {} }: Tuning,
): Promise<Readonly<{ id: string; findings: Findings }>> {
  const resolved = await resolveStudy(
    studySpecSchema.parse({
      kernel: { kind: 'named', name },
      shape,
      target: { kind: 'named', name: target },
      strategy: 'random',
      seed,
      values,
    }),
  );
  const study = await openStudy(await countSubspaces(resolved), store, TOOL_VERSION);
  const backend = await resolved.backend();
  const findings = await visitStudy(
    study,
    { trials },
    {
      store,
      backend,
      clock,
      signal: new AbortController().signal,
      listen: () => {},
      toolVersion: TOOL_VERSION,
      environment: {},
    },
  );
  await backend.close();
  return { id: study.id, findings };
}

/** A store with a kernel at two shapes and another at one. */
export async function tunedStore(): Promise<Store> {
  const store = await emptyStore();
  await tune(store, { kernel: 'gelu', shape: '65536' });
  await tune(store, { kernel: 'gelu', shape: '1048576' });
  await tune(store, { kernel: 'vector-add', shape: '64x16384' });
  return store;
}
