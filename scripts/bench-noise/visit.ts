import { openStore } from '../../store/open-store.ts';
import type { Budget } from '../../store/records.ts';
import type { Findings } from '../../tuner/attribution/findings.ts';
import { subspacesOf } from '../../tuner/attribution/subspaces.ts';
import { strategyNamed } from '../../tuner/strategies/registry.ts';
import { visitStudy } from '../../tuner/study.ts';
import type { Study } from '../../tuner/study-definition.ts';
import { type Noise, noisyBackend, type Reading, SampleClock, type TrueTimes } from './noisy-table.ts';

/** Visits a study of a table in a store of its own: its findings, and how many samples the search and all took. */
export async function visitTable(
  table: TrueTimes,
  budget: Budget,
  clockOf: Readonly<{ reading: Reading; noise: Noise }>,
  seed: number,
): Promise<Readonly<{ findings: Findings; searched: number; samples: number; trials: number }>> {
  const clock = new SampleClock();
  const { space } = table;
  const store = await openStore(':memory:', { mode: 'write', clock, writer: { role: 'bench' } });
  await store.saveKernel({
    hash: 'k',
    name: 'k',
    shape: '1',
    dtype: '-',
    ir: null,
    features: {},
    source: 'opaque',
  });
  await store.saveTarget({ fingerprint: 't', name: 't', kind: 'replay', description: {}, features: {} });
  const strategy = strategyNamed('default');
  const { id } = await store.openStudy({
    kernelHash: 'k',
    targetFingerprint: 't',
    spaceHash: space.hash,
    objective: 'time',
    strategy: strategy.name,
    seed,
    spec: null,
    space: { parameters: space.parameters, constraints: [] },
    defaultConfiguration: table.default,
    priorVersion: null,
    toolVersion: 'bench',
  });
  const study: Study = {
    id,
    space,
    subspaces: await subspacesOf(space),
    default: table.default,
    strategy,
    seed,
    start: [],
  };
  let searched = 0;
  const findings = await visitStudy(study, budget, {
    store,
    backend: noisyBackend(table, clockOf.reading, clockOf.noise, seed, clock),
    clock,
    signal: new AbortController().signal,
    listen: (event) => {
      if (event.kind === 'comparing') searched = clock.samples;
    },
    toolVersion: 'bench',
    environment: {},
  });
  await store.close();
  const trials = findings.trials.timed + Object.values(findings.trials.invalid).reduce((a, b) => a + b, 0);
  return { findings, searched, samples: clock.samples, trials };
}
