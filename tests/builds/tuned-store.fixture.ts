import { openStudy } from '../../src/ask/study-request.ts';
import { libraryKernel } from '../../src/kernels/library.ts';
import { parseShape } from '../../src/kernels/shape.ts';
import { resolveTarget } from '../../src/targets/resolve.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import type { Findings } from '../../tuner/attribution/findings.ts';
import { strategies } from '../../tuner/strategies/registry.ts';
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
}>;

/** Tunes a library kernel by random search, a few trials long; its study's id and findings. */
export async function tune(
  store: Store,
  { kernel: name, shape, target = 'hexagon-v75', trials = 40, seed = 1 }: Tuning,
): Promise<Readonly<{ id: string; findings: Findings }>> {
  const kernel = libraryKernel(name, parseShape(shape));
  const resolved = await resolveTarget(target);
  const strategy = strategies.find((known) => known.name === 'random') ?? strategies[0];
  const request = {
    kernel,
    kernelSource: 'library',
    target: resolved,
    strategy,
    seed,
    values: {},
    start: [],
  };
  const study = await openStudy(request, store, TOOL_VERSION);
  const backend = await resolved.backend(kernel, study.space);
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
