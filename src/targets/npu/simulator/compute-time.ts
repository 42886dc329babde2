import type { Configuration } from '../../../../search-space/parameter.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { type FigureOrigin, originsOf } from '../machine/origins.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { nestCost } from './compute.ts';
import type { PacketCost } from './packets.ts';
import { readSchedule } from './schedule.ts';
import { modelOf } from './simulate.ts';

/** What one thread's computation of a whole call consists of, in µs. */
export type ComputeTime = Readonly<{
  /** Packets, one a cycle. */
  issueUs: number;
  /** Cycles that wait for results, or are spent in calls. */
  waitUs: number;
  /** What scalar accesses to memory cost beside their packets. */
  accessUs: number;
}>;

/** How much Vec gains in computation, and by what. */
export type VecGainParts = Readonly<{
  scalar: ComputeTime;
  vector: ComputeTime;
  /** The gain if there were packets only; what remains of the whole gain comes from stalls. */
  issueGain: number;
  gain: number;
  /** One sentence where most of the scalar time rests on a prior; otherwise undefined. */
  caution: string | undefined;
}>;

/** The parts of a configuration's computation on one thread. */
export function computeTime(
  kernel: Kernel,
  target: SimulatedTarget,
  configuration: Configuration,
): ComputeTime {
  const model = modelOf(kernel, target);
  const schedule = readSchedule(configuration, model.lowered);
  const { extents, nests } = model.lowered;
  const onlyIssue = ({ issue }: PacketCost): PacketCost => ({ issue, cycles: issue });
  let [cycles, issue, accesses] = [0, 0, 0];
  for (const [place, nest] of nests.entries()) {
    const body = model.body(place, schedule);
    const { unrolled, single, before, after } = body;
    const [u, s, b, a] = [unrolled, single, before, after].map(onlyIssue);
    const packets = { ...body, unrolled: u, single: s, before: b, after: a };
    const whole = nestCost(nest, body, schedule.unroll, extents, 1);
    cycles += whole.cycles;
    accesses += whole.scalarAccesses;
    issue += nestCost(nest, packets, schedule.unroll, extents, 1).cycles;
  }
  const us = (count: number) => count / target.clockGHz / 1000;
  return {
    issueUs: us(issue),
    waitUs: us(cycles - issue),
    accessUs: (accesses * accessNs(target, configuration)) / 1000,
  };
}

function accessPath(target: SimulatedTarget, { staging }: Configuration): string {
  return staging === 'direct'
    ? `memory.${target.memory.length - 1}.scalarAccessNs`
    : 'scratchpad.scalarAccessNs';
}

function accessNs(target: SimulatedTarget, { staging }: Configuration): number {
  return staging === 'direct'
    ? target.memory[target.memory.length - 1].scalarAccessNs
    : target.scratchpad.scalarAccessNs;
}

/** Splits the gain of vector code over scalar code, each in a configuration of its own. */
export function vecGainParts(
  kernel: Kernel,
  target: SimulatedTarget,
  sides: Readonly<{ scalar: Configuration; vector: Configuration }>,
): VecGainParts {
  const scalar = computeTime(kernel, target, sides.scalar);
  const vector = computeTime(kernel, target, sides.vector);
  return {
    scalar,
    vector,
    issueGain: scalar.issueUs / vector.issueUs,
    gain: total(scalar) / total(vector),
    caution: cautionOf(scalar, originsOf(target).get(accessPath(target, sides.scalar)), sides.scalar),
  };
}

function total({ issueUs, waitUs, accessUs }: ComputeTime): number {
  return issueUs + waitUs + accessUs;
}

/** Waits are latencies, which no manual of these machines gives: all are priors. */
function cautionOf(
  scalar: ComputeTime,
  access: FigureOrigin | undefined,
  { staging }: Configuration,
): string | undefined {
  const where = staging === 'direct' ? 'memory' : 'the scratchpad';
  const isPrior = access?.kind === 'prior';
  const share = (scalar.waitUs + (isPrior ? scalar.accessUs : 0)) / total(scalar);
  if (share <= 0.5) return undefined;
  const what =
    isPrior && scalar.accessUs > scalar.waitUs
      ? `stalls of scalar accesses to ${where}`
      : 'latencies of scalar operations';
  return `${Math.round(100 * share)} % of the scalar time is a prior: ${what}`;
}
