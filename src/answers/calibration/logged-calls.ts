import { parseAssignment } from '../../../search-space/assignment.ts';
import { completeConfiguration } from '../../../search-space/complete-configuration.ts';
import { InputError } from '../../../search-space/input-error.ts';
import { type Configuration, configurationKey } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import { type Imports, resolveKernel } from '../../ask/resolve-kernel.ts';
import type { DeviceLog, LogRow } from '../../importers/device-log/log-row.ts';
import { type LeftOut, LeftOutTally } from '../../importers/left-out.ts';
import { kernelHash } from '../../kernels/hash.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { type LoggedTime, rootMeanSquare } from '../../targets/npu/fit/logged-times.ts';
import type { SimulatedTarget } from '../../targets/npu/machine/schema.ts';
import { simulatedTarget } from '../../targets/npu/target.ts';

/** All timings of one call: a kernel in a configuration. Its time is their median. */
export type LoggedCall = LoggedTime &
  Readonly<{
    place: string;
    samplesUs: readonly number[];
    /** Where the log has the shortest and the longest of them. */
    extremes: readonly [shortest: string, longest: string];
  }>;

/** The calls of a log, what cannot be one, and what was assumed. */
export type LoggedCalls = Readonly<{
  calls: readonly LoggedCall[];
  leftOut: readonly LeftOut[];
  notes: readonly string[];
}>;

/** How far a device's time is off at least, as a share: what repeating it shows at best, and a model meets at best. */
const CLOCK = 0.01;

/** `cycles` where the log has no other time. */
type Sample = Readonly<{ us: number; resolutionUs: number; cycles?: number }>;
type Placed = Sample & Readonly<{ place: string }>;
type Gathered = Omit<LoggedTime, 'timeUs' | 'uncertainty' | 'cycles'> & { place: string; samples: Placed[] };

/** A kernel of a log with what its rows need, made once. */
type LogKernel = Readonly<{ kernel: Kernel; hash: string; space: SearchSpace; preferred: Configuration }>;
/** What rows with the same words are; `key` tells calls apart. */
type RowCall = Readonly<{ kernel: Kernel; configuration: Configuration; key: string }>;

/** How many rows are read between two words about it. */
const TOLD_EVERY = 1000;

/**
 * The calls of a log on a target, and what cannot be one: a kernel that nobody knows, or a configuration that the target
 * does not have. What a row leaves open is as `set` says, or as the target's default. `told` hears how many rows were read.
 */
export async function loggedCalls(
  { rows, leftOut }: DeviceLog,
  machine: SimulatedTarget,
  set: readonly string[],
  imports: Imports,
  told: (rows: number) => void = () => {},
): Promise<LoggedCalls> {
  const tally = new LeftOutTally();
  const found = new Map<string, Gathered>();
  const kernelsOf = new LogKernels(machine, imports);
  let read = 0;
  for (const row of rows) {
    if (read++ % TOLD_EVERY === 0) told(read);
    try {
      const { kernel, configuration, key } = await kernelsOf.callOf(row, set);
      const known = found.get(key) ?? { kernel, configuration, place: row.place, samples: [] };
      known.samples.push({ ...timeOfRow(row, machine), place: row.place });
      found.set(key, known);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      tally.add('results', error.message, () => row.place);
    }
  }
  const calls = [...found.values()].map((call) => callOf(call, machine));
  return { calls, leftOut: [...leftOut, ...tally.all], notes: clockNotes(calls, machine) };
}

/** One object for each kernel of a log, and one answer for all rows with the same words: a log repeats its calls. */
class LogKernels {
  readonly #machine: SimulatedTarget;
  readonly #imports: Imports;
  readonly #known = new Map<string, LogKernel | InputError>();
  readonly #calls = new Map<string, RowCall | InputError>();

  constructor(machine: SimulatedTarget, imports: Imports) {
    this.#machine = machine;
    this.#imports = imports;
  }

  /** The call of a row. Throws InputError for one that the target cannot have. */
  async callOf(row: LogRow, set: readonly string[]): Promise<RowCall> {
    const words = JSON.stringify([row.kernel, row.shape, row.dtype, row.set]);
    let found = this.#calls.get(words);
    if (found === undefined) {
      found = await orInputError(() => this.#newCallOf(row, set));
      this.#calls.set(words, found);
    }
    if (found instanceof InputError) throw found;
    return found;
  }

  async #newCallOf(row: LogRow, set: readonly string[]): Promise<RowCall> {
    const { kernel, hash, space, preferred } = await this.#kernelOf(row);
    const words = { set: [...set, ...row.set] };
    const configuration = rowConfiguration(words, space, preferred, 'configuration');
    return { kernel, configuration, key: `${hash} ${configurationKey(space.parameters, configuration)}` };
  }

  async #kernelOf(row: LogRow): Promise<LogKernel> {
    const words = JSON.stringify([row.kernel, row.shape, row.dtype]);
    let found = this.#known.get(words);
    if (found === undefined) {
      found = await orInputError(() => this.#built(row));
      this.#known.set(words, found);
    }
    if (found instanceof InputError) throw found;
    return found;
  }

  async #built(row: LogRow): Promise<LogKernel> {
    const target = simulatedTarget(this.#machine);
    const kernel = await kernelOfRow(row, this.#imports);
    const space = target.space(kernel);
    const preferred = target.defaultConfiguration(kernel, space);
    return { kernel, hash: kernelHash(kernel), space, preferred };
  }
}

/** What is made, or why it cannot be. */
async function orInputError<T>(make: () => Promise<T>): Promise<T | InputError> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

/** The kernel that a row names. Throws InputError if nobody knows it. */
export async function kernelOfRow({ kernel, shape, dtype }: LogRow, imports: Imports): Promise<Kernel> {
  const named = {
    kernel: { kind: 'named' as const, name: kernel },
    ...(shape !== undefined && { shape }),
    ...(dtype !== undefined && { dtype }),
  };
  return (await resolveKernel(named, imports)).kernel;
}

/** The configuration of a row; what it leaves open is as preferred. Throws InputError for one that the space lacks. */
export function rowConfiguration(
  { set }: Pick<LogRow, 'set'>,
  space: SearchSpace,
  preferred: Configuration,
  field: string,
): Configuration {
  const given = set.map((text) => parseAssignment(text, space.parameters, field));
  return completeConfiguration(
    space,
    preferred,
    Object.fromEntries(given.map(({ name, value }) => [name, value])),
  );
}

/** A row's time in µs, by the target's clock where the log has cycles only, and how far its last digit may be off. */
export function timeOfRow({ time }: LogRow, { clockGHz }: SimulatedTarget): Sample {
  if ('us' in time) return time;
  return { us: time.cycles / clockGHz / 1000, resolutionUs: 0.5 / clockGHz / 1000, cycles: time.cycles };
}

function callOf({ samples, ...call }: Gathered, { clockGHz }: SimulatedTarget): LoggedCall {
  const sorted = samples.toSorted((a, b) => a.us - b.us);
  const half = (sorted.length - 1) / 2;
  const timeUs = (sorted[Math.floor(half)].us + sorted[Math.ceil(half)].us) / 2;
  const scatter = rootMeanSquare(sorted.map(({ us }) => Math.log(us / timeUs))) / Math.sqrt(sorted.length);
  // A last digit that may be anything has the spread of an even distribution.
  const digit = samples[0].resolutionUs / timeUs / Math.sqrt(3);
  const isInCycles = samples.every(({ cycles }) => cycles !== undefined);
  return {
    ...call,
    timeUs,
    ...(isInCycles && { cycles: timeUs * clockGHz * 1000 }),
    uncertainty: Math.hypot(CLOCK, scatter, digit),
    samplesUs: samples.map(({ us }) => us),
    extremes: [sorted[0].place, sorted[sorted.length - 1].place],
  };
}

function clockNotes(calls: readonly LoggedCall[], { clockGHz }: SimulatedTarget): readonly string[] {
  if (calls.every(({ cycles }) => cycles === undefined)) return [];
  return [
    `times in cycles are fitted in cycles; in µs they are by the target's clockGHz, ${clockGHz}, whatever a log says of the clock`,
  ];
}
