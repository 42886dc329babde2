import { explain } from '../../../search-space/explain.ts';
import { type Configuration, configurationKey } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import type { Backend, Prepared, TimingSession, Variant } from '../../../tuner/backend.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { parameterSets, setsOf } from './machine/parameter-sets.ts';
import type { SimulatedTarget } from './machine/schema.ts';
import { explainGain } from './simulator/explain-gain.ts';
import { entry } from './simulator/kept.ts';
import { readSchedule } from './simulator/schedule.ts';
import { modelOf, simulateKernel } from './simulator/simulate.ts';
import { buildSpace } from './space/space.ts';

/** Proposals asked for at a time: a simulation is cheaper than asking. */
const BATCH = 32;
const TRIAL_MS = 0.1;
const FROM_RANGES = 'Intervals come from stated ranges of the target’s figures, not from a calibration.';

/** Times variants by simulation. Deterministic; round r uses the r-th accepted parameter set. */
export function simulatorBackend({
  kernel,
  target,
  space = buildSpace(kernel, target),
}: Readonly<{ kernel: Kernel; target: SimulatedTarget; space?: SearchSpace }>): Backend {
  const timeOn = timesOn(kernel, target, space);
  return {
    provenance: 'simulator',
    timing: {
      kind: 'exact',
      rounds: parameterSets(target),
      computed: timeOn,
      metrics: (configuration) => metricsOf(kernel, target, configuration),
      explain: (mechanism, sides) => explainGain(kernel, target, mechanism, sides),
    },
    notes: () => (setsOf(target)?.from === 'stated ranges' ? [FROM_RANGES] : []),
    batchSize: BATCH,
    trialCostMs: TRIAL_MS,
    prepare: async ({ configuration }) => prepare(space, configuration),
    // A simulation computes no results, so there is nothing to verify.
    verify: async () => ({ state: 'correct' }),
    session: async () => session(target, timeOn),
    close: async () => {},
  };
}

/** What the simulator knows besides the time. */
export const SIMULATED_METRICS = Object.freeze(['scratchpadBytes', 'threads'] as const);

function metricsOf(
  kernel: Kernel,
  target: SimulatedTarget,
  configuration: Variant['configuration'],
): Readonly<Record<(typeof SIMULATED_METRICS)[number], number>> {
  const model = modelOf(kernel, target);
  const schedule = readSchedule(configuration, model.lowered);
  return { scratchpadBytes: model.scratchpadBytes(schedule), threads: schedule.threads };
}

function prepare(space: SearchSpace, configuration: Variant['configuration']): Prepared {
  if (space.has(configuration)) return { state: 'ready', variant: { configuration, handle: null } };
  const message = explain(space, configuration) ?? 'the configuration is not in the search space';
  return { state: 'invalid', reason: 'constraints', message };
}

type TimeOn = (configuration: Configuration, set?: number) => number;

/**
 * Times in µs. On other sets than the nominal one each is simulated once: what was computed to find the finalists is
 * asked again in their comparison.
 */
function timesOn(kernel: Kernel, target: SimulatedTarget, { parameters }: SearchSpace): TimeOn {
  const bySet = new Map<number, Map<string, number>>();
  return (configuration, set = 0) => {
    const simulated = () => simulateKernel(kernel, target, configuration, { set }).timeUs;
    if (set === 0) return simulated();
    const ofSet = entry(bySet, set, () => new Map());
    return entry(ofSet, configurationKey(parameters, configuration), simulated);
  };
}

function session(target: SimulatedTarget, timeOn: TimeOn): TimingSession {
  return {
    sample: async ({ configuration }, round) => ({ state: 'timed', timeUs: timeOn(configuration, round) }),
    environment: () => {
      const intervalsFrom = setsOf(target)?.from;
      const { residency } = target.measurement;
      return { target: target.name, residency, ...(intervalsFrom !== undefined && { intervalsFrom }) };
    },
    close: async () => {},
  };
}
