import type { Configuration } from '../../../../../search-space/parameter.ts';
import type { Kernel } from '../../../../kernels/ir.ts';
import { type Generated, generate } from '../../../wasm/generator/generate.ts';
import { planOf } from '../../../wasm/generator/plan.ts';
import { DIRECT, type Schedule } from '../../../wasm/generator/schedule.ts';
import { bytesPerWork, stagedOperands } from '../../../wasm/generator/staged-operands.ts';
import { scheduleOf } from '../../../wasm/schedule-of.ts';
import type { Host, SimulatedTarget } from '../../machine/schema.ts';
import { geometryOf } from '../geometry.ts';
import { readCode } from './code.ts';
import { coreOf, cyclesOf } from './core.ts';
import { servedBy, streamUs, trafficOf } from './memory.ts';

/** A kernel's variants on a host: prices shares of its work. */
export class HostModel {
  readonly target: SimulatedTarget;
  readonly host: Host;
  /** Bytes that a piece of work brings to the scratchpad, and takes from there. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  private readonly kernel: Kernel;
  private readonly footprint: number;
  private readonly traffic: ReturnType<typeof trafficOf>;
  private readonly generated = new Map<string, Generated>();
  private readonly computed = new Map<string, number>();

  constructor(kernel: Kernel, target: SimulatedTarget, host: Host) {
    this.kernel = kernel;
    this.target = target;
    this.host = host;
    const plan = planOf(kernel);
    const geometry = geometryOf(plan.kernel);
    const staged = stagedOperands(plan);
    this.footprint = geometry.footprint;
    this.traffic = trafficOf(geometry, target.memory);
    this.bytesIn = bytesPerWork(staged.filter(({ reads }) => reads));
    this.bytesOut = bytesPerWork(staged.filter(({ writes }) => writes));
  }

  /** The variant's code, and how its work may be shared out. */
  variant(configuration: Configuration): Generated {
    const schedule = inPlace(configuration);
    const key = JSON.stringify(schedule);
    const found = this.generated.get(key) ?? generate(this.kernel, schedule, 1);
    this.generated.set(key, found);
    return found;
  }

  /** µs that the core alone takes for so many pieces of work. */
  computeUs(configuration: Configuration, pieces: number): number {
    const schedule = inPlace(configuration);
    const key = `${JSON.stringify(schedule)}:${pieces}`;
    const known = this.computed.get(key);
    if (known !== undefined) return known;
    const { text } = this.variant(configuration);
    const core = coreOf(this.target, this.host, schedule.lanes === 1);
    const us = cyclesOf(readCode(text, 'run', pieces), core) / this.target.clockGHz / 1000;
    this.computed.set(key, us);
    return us;
  }

  /** µs that memory takes for a share of the work on operands where they lie, `users` cores doing so. */
  directUs(share: number, users: number): number {
    const { memory } = this.target;
    const { first, again } = this.traffic;
    const home = servedBy(memory, this.footprint, users);
    const total = first + again.reduce((sum, bytes) => sum + bytes, 0);
    const shares = home.map((part, place) => (part * first + again[place]) / total);
    return streamUs(memory, shares, share * total, users);
  }

  /** The same for the outputs of so many pieces of work alone. */
  outputUs(pieces: number, users: number): number {
    const { memory } = this.target;
    return streamUs(memory, servedBy(memory, this.footprint, users), pieces * this.bytesOut, users);
  }

  /** µs to sweep once over tiles of `bytes` that lie in the scratchpad, of which `tileSet` bytes are in use. */
  tileUs(bytes: number, tileSet: number, users: number): number {
    const { memory } = this.target;
    return streamUs(memory, servedBy(memory, tileSet, 1), bytes, users);
  }

  /** µs that a byte takes between where operands lie and the scratchpad, `users` copying. */
  copyUsPerByte(engine: 'memory' | 'simd', users: number): number {
    const home = servedBy(this.target.memory, this.footprint, users);
    const ns = home.reduce((sum, part, place) => {
      const { perThreadGBs, totalGBs } = this.host.staging[place][engine];
      return sum + part / Math.min(perThreadGBs, totalGBs / users);
    }, 0);
    return ns / 1000;
  }
}

/** Code for work on operands where they lie: staging calls it with tiles. */
function inPlace(configuration: Configuration): Schedule {
  return { ...scheduleOf(configuration), staging: DIRECT };
}

const models = new WeakMap<SimulatedTarget, WeakMap<Kernel, HostModel>>();

/** The model of a kernel on a host, with what it has priced so far. */
export function hostModelOf(kernel: Kernel, target: SimulatedTarget, host: Host): HostModel {
  const ofTarget = models.get(target) ?? new WeakMap<Kernel, HostModel>();
  models.set(target, ofTarget);
  const model = ofTarget.get(kernel) ?? new HostModel(kernel, target, host);
  ofTarget.set(kernel, model);
  return model;
}
