import { createHash } from 'node:crypto';
import { explain } from '../../search-space/explain.ts';
import type { Configuration } from '../../search-space/parameter.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { Backend, Failure, Sample } from '../../tuner/backend.ts';
import type { OpaqueKernel } from '../kernels/opaque.ts';
import type { Target } from '../targets/_base.ts';

/**
 * Runs a configuration once and gives its time in microseconds. What it throws is that configuration's failure.
 * `signal` is aborted where the time is not wanted any more.
 */
export type Measure = (configuration: Configuration, signal: AbortSignal) => number | Promise<number>;

/** A device behind a function of this process. */
export function measuredTarget(
  name: string,
  space: SearchSpace,
  preferred: Configuration,
  measure: Measure,
): Target<OpaqueKernel> {
  return Object.freeze<Target<OpaqueKernel>>({
    name,
    kind: 'device',
    fingerprint: `measure-${createHash('sha256').update(name).digest('hex').slice(0, 16)}`,
    features: {},
    description: { measuredBy: 'a function' },
    space: () => space,
    defaultConfiguration: () => preferred,
    backend: async () => measuredBackend(space, measure),
  });
}

function measuredBackend(space: SearchSpace, measure: Measure): Backend {
  return {
    provenance: 'device',
    timing: { kind: 'noisy', sampling: { kind: 'by rank' } },
    batchSize: 1,
    prepare: async ({ configuration }) => {
      if (space.has(configuration)) return { state: 'ready', variant: { configuration, handle: null } };
      return failure('constraints', explain(space, configuration) ?? 'is not in the search space');
    },
    verify: async () => ({ state: 'correct' }),
    session: async (_, signal) => ({
      sample: ({ configuration }) => sampleOf(measure, configuration, signal),
      environment: () => ({}),
      close: async () => {},
    }),
    close: async () => {},
  };
}

async function sampleOf(
  measure: Measure,
  configuration: Configuration,
  signal: AbortSignal,
): Promise<Sample> {
  try {
    const timeUs = await measure(configuration, signal);
    if (signal.aborted) return { state: 'dropped' };
    if (Number.isFinite(timeUs) && timeUs > 0) return { state: 'timed', timeUs };
    return failure('runtime', `measure gave ${timeUs}, which is no time in microseconds`);
  } catch (error) {
    if (signal.aborted) return { state: 'dropped' };
    return failure('runtime', error instanceof Error ? error.message : String(error));
  }
}

function failure(reason: Failure['reason'], message: string): Failure {
  return { state: 'invalid', reason, message };
}
