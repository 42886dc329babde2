// A worker of the fleet whose samples take as long as it is told; they say how long that was, or a time that never varies.
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Configuration } from '../../search-space/parameter.ts';
import { randomFor } from '../../search-space/random.ts';
import { resolveStudy } from '../../src/ask/resolve-study.ts';
import { connectNow } from '../../src/fleet/connection.ts';
import { workForFleet } from '../../src/fleet/worker.ts';
import { Permit } from '../../src/programs/keeper/permit.ts';
import { targetRecord } from '../../src/targets/record.ts';
import { resolveTarget } from '../../src/targets/resolve.ts';
import type { Backend, Sample, Variant } from '../../tuner/backend.ts';
import { systemClock } from '../../tuner/clock.ts';
import { TARGET } from './subject.ts';

const [url = '', device = '', sleepMs = '0', times = 'slept'] = process.argv.slice(2);

async function sample({ configuration }: Variant): Promise<Sample> {
  const began = performance.now();
  if (Number(sleepMs) > 0) await delay(Number(sleepMs));
  const sleptUs = 1000 * (performance.now() - began);
  return { state: 'timed', timeUs: times === 'slept' ? sleptUs : madeUpUs(configuration) };
}

/** Of a configuration always the same. */
function madeUpUs(configuration: Configuration): number {
  return 1e5 * (1 + randomFor('board', ...Object.values(configuration).map(String))());
}

const backend: Backend = {
  provenance: 'simulator',
  timing: { kind: 'noisy', sampling: { kind: 'by rank' } },
  batchSize: 1,
  prepare: async ({ configuration }) => ({ state: 'ready', variant: { configuration, handle: null } }),
  verify: async () => ({ state: 'correct' }),
  session: async () => ({ sample, environment: () => ({}), close: async () => {} }),
  close: async () => {},
};

const redis = await connectNow({ url });
await workForFleet({
  redis,
  device,
  identity: { target: targetRecord(await resolveTarget(TARGET)), metrics: null, kernel: null },
  studies: async (spec) => ({
    ...(await resolveStudy({ ...spec, target: TARGET })),
    backend: async () => backend,
  }),
  version: 'bench',
  clock: systemClock,
  permit: new Permit(systemClock),
  signal: new AbortController().signal,
  say: (line) => console.log(line),
});
