import type { Configuration } from '../../../search-space/parameter.ts';
import type { Kernel } from '../../kernels/ir.ts';
import type { SimulatedTarget } from '../../targets/npu/machine/schema.ts';
import { type CallPart, callParts } from '../../targets/npu/simulator/call-parts.ts';
import { simulateKernel } from '../../targets/npu/simulator/simulate.ts';
import { npuSpace } from '../../targets/npu/space/space.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { WhyStep, WhyWay } from './step.ts';
import { withoutEffect } from './without-effect.ts';

/** A smaller part of the time before and after is not worth a word. */
const LEAST_SHARE = 0.01;

/** Each configuration on the way is simulated, and its time divided among what it is spent on. */
export function simulatedWay(
  kernel: Kernel,
  machine: SimulatedTarget,
  from: Configuration,
  to: Configuration,
): WhyWay {
  const { names, standIn } = withoutEffect(npuSpace(kernel, machine), to, []);
  const run = (configuration: Configuration): Configuration => standIn(configuration) ?? configuration;
  const simulated = (configuration: Configuration): number =>
    simulateKernel(kernel, machine, run(configuration)).timeUs;
  const isPossible = (configuration: Configuration): boolean => standIn(configuration) !== undefined;
  const timeOf = (each: Configuration) => (isPossible(each) ? simulated(each) : undefined);
  const way = oneAtATime(from, to, timeOf, names);
  const startUs = simulated(from);
  let before = { configuration: from, timeUs: startUs, parts: callParts(kernel, machine, from) };
  const steps = way.map(({ changed, configuration }): WhyStep => {
    const after = {
      configuration,
      timeUs: simulated(configuration),
      parts: callParts(kernel, machine, run(configuration)),
    };
    const step = {
      changes: changed.map((parameter) => ({
        parameter,
        from: before.configuration[parameter],
        to: configuration[parameter],
      })),
      timeUs: after.timeUs,
      gain: before.timeUs / after.timeUs,
      how: 'simulated' as const,
      causes: causesOf(before.parts, after.parts, LEAST_SHARE * Math.max(before.timeUs, after.timeUs)),
    };
    before = after;
    return step;
  });
  return { startUs, startHow: 'simulated', steps, comparedTimes: null };
}

/** On what the second of two calls spends more time than the first, or less; the most first. */
export function causesOf(
  before: readonly CallPart[],
  after: readonly CallPart[],
  leastUs: number,
): WhyStep['causes'] {
  const changes = new Map<string, number>();
  for (const { what, us } of before) changes.set(what, (changes.get(what) ?? 0) - us);
  for (const { what, us } of after) changes.set(what, (changes.get(what) ?? 0) + us);
  return [...changes]
    .map(([what, changeUs]) => ({ what, changeUs }))
    .filter(({ changeUs }) => Math.abs(changeUs) >= leastUs)
    .sort((a, b) => Math.abs(b.changeUs) - Math.abs(a.changeUs));
}
