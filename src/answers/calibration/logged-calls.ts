import { parseAssignment } from '../../../search-space/assignment.ts';
import { completeConfiguration } from '../../../search-space/complete-configuration.ts';
import { InputError } from '../../../search-space/input-error.ts';
import { type Configuration, configurationKey } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import type { Imports } from '../../ask/own-kernels.ts';
import { resolveKernel } from '../../ask/resolve-kernel.ts';
import type { DeviceLog, LogRow } from '../../importers/device-log/log-row.ts';
import { type LeftOut, LeftOutTally } from '../../importers/left-out.ts';
import { kernelHash } from '../../kernels/hash.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { type LoggedTime, rootMeanSquare } from '../../targets/npu/fit/logged-times.ts';
import type { SimulatedTarget } from '../../targets/npu/machine/schema.ts';
import { simulatedTarget } from '../../targets/npu/target.ts';

/** All timings of one call: a kernel in a configuration. Its time is their median. */
export type LoggedCall = LoggedTime & Readonly<{ place: string; samplesUs: readonly number[] }>;

/** How far a device's time is off at least, as a share: what repeating it shows at best. */
const CLOCK = 0.005;

type Sample = Readonly<{ us: number; resolutionUs: number }>;
type Gathered = Omit<LoggedTime, 'timeUs' | 'uncertainty'> & { place: string; samples: Sample[] };

/**
 * The calls of a log on a target, and what cannot be one: a kernel that nobody knows, or a configuration that the target
 * does not have. What a row leaves open is as `set` says, or as the target's default.
 */
export async function loggedCalls(
  { rows, leftOut }: DeviceLog,
  machine: SimulatedTarget,
  set: readonly string[],
  imports: Imports,
): Promise<Readonly<{ calls: readonly LoggedCall[]; leftOut: readonly LeftOut[] }>> {
  const tally = new LeftOutTally();
  const found = new Map<string, Gathered>();
  const kernels = new Map<string, Kernel>();
  const target = simulatedTarget(machine);
  for (const row of rows) {
    try {
      const words = JSON.stringify([row.kernel, row.shape, row.dtype]);
      // One object for each kernel: its space is built once.
      const kernel = kernels.get(words) ?? (await kernelOfRow(row, imports));
      kernels.set(words, kernel);
      const space = target.space(kernel);
      const preferred = target.defaultConfiguration(kernel, space);
      const configuration = rowConfiguration(
        { set: [...set, ...row.set] },
        space,
        preferred,
        'configuration',
      );
      const key = `${kernelHash(kernel)} ${configurationKey(space.parameters, configuration)}`;
      const known = found.get(key) ?? { kernel, configuration, place: row.place, samples: [] };
      known.samples.push(timeOfRow(row, machine));
      found.set(key, known);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      tally.add('results', error.message, () => row.place);
    }
  }
  return { calls: [...found.values()].map(callOf), leftOut: [...leftOut, ...tally.all] };
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
  return 'us' in time ? time : { us: time.cycles / clockGHz / 1000, resolutionUs: 0.5 / clockGHz / 1000 };
}

function callOf({ samples, ...call }: Gathered): LoggedCall {
  const sorted = samples.map(({ us }) => us).sort((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  const timeUs = (sorted[Math.floor(half)] + sorted[Math.ceil(half)]) / 2;
  const scatter = rootMeanSquare(sorted.map((us) => Math.log(us / timeUs))) / Math.sqrt(sorted.length);
  // A last digit that may be anything has the spread of an even distribution.
  const digit = samples[0].resolutionUs / timeUs / Math.sqrt(3);
  return {
    ...call,
    timeUs,
    uncertainty: Math.hypot(CLOCK, scatter, digit),
    samplesUs: samples.map(({ us }) => us),
  };
}
