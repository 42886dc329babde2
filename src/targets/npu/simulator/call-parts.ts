import type { Configuration } from '../../../../search-space/parameter.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { tileExtents } from '../../../lowering/tiles.ts';
import { withFigures } from '../machine/calibration.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { threadsPerUnit } from './calls.ts';
import { nestCost } from './compute.ts';
import { gated } from './gate.ts';
import { cyclesOnMatrixUnit } from './matrix-calls.ts';
import type { PacketCost } from './packets.ts';
import { directRate } from './residency.ts';
import { readSchedule, type SimulatedSchedule } from './schedule.ts';
import { modelOf, simulateKernel } from './simulate.ts';
import type { WorkModel } from './work.ts';

/** What kind of time it is: packets that issue, stalls of the computation, or all else. */
export type PartKind = 'issue' | 'stalls' | 'rest';

/** A part of the time of a call. */
export type CallPart = Readonly<{
  kind: PartKind;
  /** What the time is spent on, in words. */
  what: string;
  us: number;
  /** The figure of the target that it is proportional to, by its path; undefined for what several figures make. */
  figure: string | undefined;
}>;

/** Figures of what stalls a core besides waits for results; without them, only packets and waits are left. */
const SERIAL = ['ops.scalarCall', 'ops.vectorCall', 'ops.scalarHalf', 'vector.gatherCyclesPerLane'] as const;

/**
 * The parts of a call's time, the mean over the contexts in use, in µs; they add up to the time. Packets, waits and the
 * like share the time of computing in the proportions that they have over the whole iteration space, as tiles would
 * divide it.
 */
export function callParts(
  kernel: Kernel,
  target: SimulatedTarget,
  configuration: Configuration,
): readonly CallPart[] {
  const { breakdown, contexts } = simulateKernel(kernel, target, configuration);
  const model = modelOf(kernel, target);
  const schedule = gated(model.lowered, target, readSchedule(configuration, model.lowered));
  const { memory, dma, waiting, forkJoin, allocation, idle } = breakdown;
  const rest = (what: string, us: number, figure?: string): CallPart => ({ kind: 'rest', what, us, figure });
  const users = contexts.length;
  const isAlone = schedule.threads === 1;
  const isMatrix = schedule.unit === 'matrix';
  const computed = isMatrix
    ? onMatrixUnit(model, schedule, breakdown.compute)
    : computing(kernel, target, schedule, breakdown.compute, users);
  return [
    ...computed,
    schedule.staging === 'direct'
      ? rest('accesses to operands in place', memory, slowest(directPaths(model, users)))
      : rest('copies by the cores', memory, slowest(copyPaths(model, users))),
    rest('transfers by DMA', dma, slowest(dmaPaths(model, users))),
    rest(isMatrix ? 'waits for the matrix unit' : 'waits for other threads', waiting + idle),
    rest('allocating buffers in the scratchpad', allocation, 'matrix.allocationUs'),
    rest(
      isAlone ? 'entering the kernel' : 'waking and joining threads',
      forkJoin,
      isAlone ? 'callUs' : 'forkJoinUs',
    ),
  ].filter(({ us }) => us > 0);
}

/**
 * The matrix unit and what is done around it share the time of computing as in a whole tile. Where they work at the same
 * time, what ends first takes none.
 */
function onMatrixUnit(model: WorkModel, schedule: SimulatedSchedule, meanUs: number): readonly CallPart[] {
  const extents = tileExtents(model.lowered, schedule.sizes);
  const { products, readout, pack, rest } = cyclesOnMatrixUnit(model, schedule)(extents);
  const onUnit = [
    { what: 'products on the matrix unit', cycles: products, figure: 'matrix.productCycles' },
    { what: 'sums read out of the matrix unit', cycles: readout, figure: 'matrix.readoutCycles' },
  ];
  const around = [
    { what: 'packing for the matrix unit', cycles: pack, figure: 'matrix.packCycles' },
    { what: 'operations around the product', cycles: rest, figure: undefined },
  ];
  const longer = products + readout >= pack + rest ? onUnit : around;
  const shown = schedule.buffers > 1 ? longer : [...onUnit, ...around];
  const sum = shown.reduce((total, { cycles }) => total + cycles, 0);
  return shown.map(({ cycles, ...part }) => ({ kind: 'issue', ...part, us: (cycles * meanUs) / sum }));
}

function computing(
  kernel: Kernel,
  target: SimulatedTarget,
  schedule: SimulatedSchedule,
  meanUs: number,
  users: number,
): readonly CallPart[] {
  const isScalar = schedule.vectorBytes === 0;
  const code = isScalar ? 'scalar' : 'vector';
  const without = SERIAL.map((_, count) => withoutFirst(target, count + 1));
  const machines = [target, ...without].map((machine) => modelOf(kernel, machine));
  const cycles = machines.map((model) => costOf(model, schedule, users));
  const bare = machines[SERIAL.length];
  const packets = costOf(bare, schedule, users, true).cycles;
  const toUs = (count: number): number => count / target.clockGHz / 1000;
  const serial = SERIAL.map((figure, place) => ({
    kind: 'stalls' as const,
    what: SERIAL_WORDS[figure],
    us: toUs(cycles[place].cycles - cycles[place + 1].cycles),
    figure,
  }));
  const waits = toUs(cycles[SERIAL.length].cycles - packets);
  const found: readonly CallPart[] = [
    { kind: 'issue', what: 'packets', us: toUs(packets), figure: undefined },
    { kind: 'stalls', what: `waits for results of ${code} operations`, us: waits, figure: `ops.${code}` },
    ...serial,
    ...(isScalar ? [accessing(machines[0], schedule, cycles[0], meanUs * users, toUs)] : []),
  ];
  const sum = found.reduce((total, { us }) => total + us, 0);
  return found.map((part) => ({ ...part, us: (part.us * meanUs) / sum }));
}

const SERIAL_WORDS: Readonly<Record<(typeof SERIAL)[number], string>> = Object.freeze({
  'ops.scalarCall': 'calls of scalar functions',
  'ops.vectorCall': 'calls of vector functions',
  'ops.scalarHalf': 'scalar operations on 16-bit floats',
  'vector.gatherCyclesPerLane': 'lanes that are gathered one by one',
});

/** Stalls of scalar accesses. In place, levels share them: they are what the computation takes beyond its cycles. */
function accessing(
  { target, home }: WorkModel,
  { staging }: SimulatedSchedule,
  { cycles, scalarAccesses }: Cost,
  wholeUs: number,
  toUs: (cycles: number) => number,
): CallPart {
  const kind = 'stalls';
  if (staging !== 'direct') {
    const figure = 'scratchpad.scalarAccessNs';
    const us = (scalarAccesses * target.scratchpad.scalarAccessNs) / 1000;
    return { kind, what: 'stalls of scalar accesses to the scratchpad', us, figure };
  }
  const level = home.indexOf(Math.max(...home));
  const what = `stalls of scalar accesses to ${target.memory[level].name}`;
  return {
    kind,
    what,
    us: Math.max(0, wholeUs - toUs(cycles)),
    figure: `memory.${level}.scalarAccessNs`,
  };
}

type Cost = Readonly<{ cycles: number; scalarAccesses: number }>;

/** Cycles over the whole iteration space; `onlyIssue`: if nothing had to wait. */
function costOf(model: WorkModel, schedule: SimulatedSchedule, users: number, onlyIssue = false): Cost {
  const { extents, nests } = model.lowered;
  const share = threadsPerUnit(model, schedule, users);
  const packets = ({ issue }: PacketCost): PacketCost => ({ issue, cycles: issue });
  const sum = { cycles: 0, scalarAccesses: 0 };
  for (const [place, nest] of nests.entries()) {
    const body = model.body(place, schedule);
    const { unrolled, single, before, after } = body;
    const [u, s, b, a] = [unrolled, single, before, after].map(packets);
    const counted = onlyIssue ? { ...body, unrolled: u, single: s, before: b, after: a } : body;
    const cost = nestCost(nest, counted, schedule.unroll, extents, share);
    sum.cycles += cost.cycles;
    sum.scalarAccesses += cost.scalarAccesses;
  }
  return sum;
}

const bareTargets = new WeakMap<SimulatedTarget, SimulatedTarget[]>();

/** The target on which the first of the serial costs take no time. Made once, so that its bodies are kept. */
function withoutFirst(target: SimulatedTarget, count: number): SimulatedTarget {
  const made = bareTargets.get(target) ?? [];
  bareTargets.set(target, made);
  made[count] ??= withFigures(target, Object.fromEntries(SERIAL.slice(0, count).map((path) => [path, 0])));
  return made[count];
}

/** GB/s of one thread, by the figure that allows it. */
type Paths = readonly (readonly [figure: string, rate: number])[];

/** The figure that allows least. */
function slowest(paths: Paths): string {
  return paths.reduce((least, path) => (path[1] < least[1] ? path : least))[0];
}

function outermost({ home, target }: WorkModel, users: number): Paths {
  const level = home.indexOf(Math.max(...home));
  const { perThreadGBs, totalGBs } = target.memory[level];
  const isOne = directRate(target.memory[level], users) === perThreadGBs;
  return [
    isOne ? [`memory.${level}.perThreadGBs`, perThreadGBs] : [`memory.${level}.totalGBs`, totalGBs / users],
  ];
}

function directPaths(model: WorkModel, users: number): Paths {
  const { perThreadGBs, totalGBs } = model.target.direct;
  const isNear = model.home[0] === Math.max(...model.home);
  const near: Paths = outermost(model, users);
  if (isNear) return near;
  return [...near, ['direct.perThreadGBs', perThreadGBs], ['direct.totalGBs', totalGBs / users]];
}

function copyPaths(model: WorkModel, users: number): Paths {
  const { perThreadGBs, totalGBs } = model.target.copy;
  return [
    ['copy.perThreadGBs', perThreadGBs],
    ['copy.totalGBs', totalGBs / users],
    ...outermost(model, users),
  ];
}

function dmaPaths({ target, home }: WorkModel, users: number): Paths {
  const { perQueueGBs, totalGBs } = target.dma;
  const level = home.indexOf(Math.max(...home));
  return [
    ['dma.perQueueGBs', perQueueGBs],
    ['dma.totalGBs', totalGBs / users],
    [`memory.${level}.totalGBs`, target.memory[level].totalGBs / users],
  ];
}
