import type { Configuration } from '../search-space/parameter.ts';
import type { CatalogStore } from '../store/catalog-store.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import type { StudyStore } from '../store/study-store.ts';
import type { VisitStore } from '../store/visit-store.ts';
import type { Rival } from './attribution/rivals.ts';
import { subspacesOf } from './attribution/subspaces.ts';
import type { Backend } from './backend.ts';
import { machineSpace } from './machine.fixture.ts';
import { strategyNamed } from './strategies/registry.ts';
import type { Study } from './study-definition.ts';
import type { World } from './world.ts';

/** The default of every study here. */
export const DEFAULT: Configuration = { lanes: 4, threads: 1, staging: 'direct', buffers: 1, tile: 0 };

/** A fake clock, which advances a millisecond at each reading. */
function clock() {
  let time = 0;
  return { now: () => time++, elapsed: () => time++ };
}

/** A study of the machine of `machine.fixture.ts`. */
export async function openMachineStudy(
  store: CatalogStore & StudyStore,
  { rivals, ...extra }: Partial<Study> & Readonly<{ rivals?: readonly Rival[] }> = {},
): Promise<Study> {
  const { space = machineSpace() } = extra;
  await store.saveKernel({
    hash: 'k',
    name: 'k',
    shape: '1',
    dtype: 'f32',
    ir: null,
    features: {},
    source: 'opaque',
  });
  await store.saveTarget({ fingerprint: 't', name: 't', kind: 'simulator', description: {}, features: {} });
  const strategy = strategyNamed('evolutionary');
  const record = await store.openStudy({
    kernelHash: 'k',
    targetFingerprint: 't',
    spaceHash: space.hash,
    objective: 'time',
    strategy: strategy.name,
    seed: 7,
    spec: null,
    space: { parameters: space.parameters, constraints: [] },
    defaultConfiguration: extra.default ?? DEFAULT,
    priorVersion: null,
    toolVersion: 'test',
  });
  const subspaces = await subspacesOf(space, rivals);
  return { id: record.id, space, subspaces, default: DEFAULT, strategy, seed: 7, start: [], ...extra };
}

/** The world of a visit, with a silent listener and its own clock. */
export function world(store: VisitStore, backend: Backend, extra: Partial<World> = {}): World {
  return {
    store,
    backend,
    clock: clock(),
    signal: new AbortController().signal,
    listen: () => {},
    toolVersion: 'test',
    environment: {},
    ...extra,
  };
}

export async function memory(): Promise<Store> {
  return openStore(':memory:', { mode: 'write', clock: clock(), writer: { role: 'test' } });
}
