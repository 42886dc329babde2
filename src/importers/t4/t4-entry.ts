import { z } from 'zod';
import {
  FAILURE_REASONS,
  type InvalidReason,
  type Metrics,
  type Outcome,
  type Proposal,
  type Result,
} from '../../../store/trial.ts';
import { median } from '../../../tuner/measurement/statistics.ts';
import { isMetric, MOST_METRICS, nameProblem, TIME } from '../../../tuner/objectives/metrics.ts';
import type { JsonEntry } from '../../text/json-file.ts';
import { isOverhead, kernelTimeName } from '../../text/time-name.ts';
import { microsecondsOf } from '../../text/time-unit.ts';
import {
  excerpt,
  insteadOfConfiguration,
  isConfiguration,
  isObject,
  listOr,
  objectOr,
} from '../json-shape.ts';
import { readKernelTime, readSamples, type Samples } from '../kernel-time.ts';
import { failureNamed } from '../kernel-tuner/failures.ts';
import { type EntryReading, IMPORTED_PROPOSAL } from '../tuning-results.ts';

type Json = Readonly<Record<string, unknown>>;
type Measurement = Readonly<{ name: string; value: unknown; unit: string }>;

/** What nightshift writes beside the fields of the format. */
const ownFields = z
  .object({
    subset: z.string(),
    origin: z.string(),
    prediction: z.object({ meanLog: z.number(), sdLog: z.number() }).exactOptional(),
    phases: z.record(z.string(), z.number()).exactOptional(),
    message: z.string().exactOptional(),
  })
  .partial();
type OwnFields = z.infer<typeof ownFields>;

/**
 * Reads the results of a T4 file. `usual` is the microseconds in the unit of times that have none of their
 * own; undefined where the file breaks off before it could say so. Such times are not read then.
 */
export class T4Reader {
  readonly #usual: number | undefined;
  readonly #otherObjectives = new Set<string>();

  constructor(usual: number | undefined) {
    this.#usual = usual;
  }

  /** The objectives met so far that are no times, where a time was read instead. */
  get otherObjectives(): readonly string[] {
    return [...this.#otherObjectives];
  }

  read(entry: JsonEntry): EntryReading {
    const { place } = entry;
    if (entry.kind === 'broken') return leftOut(place, 'not JSON', () => entry.problem);
    const { value } = entry;
    if (!isObject(value)) return leftOut(place, 'no object', () => excerpt(value));
    const { configuration } = value;
    if (!isConfiguration(configuration))
      return leftOut(place, 'no configuration that can be read', () => insteadOfConfiguration(configuration));
    const own = value.nightshift === undefined ? {} : ownFields.safeParse(value.nightshift).data;
    if (own === undefined)
      return leftOut(place, 'a field nightshift that is none of ours', () => excerpt(value.nightshift));
    const { subset, origin } = IMPORTED_PROPOSAL;
    const proposal: Proposal = {
      configuration,
      subset: own.subset ?? subset,
      origin: own.origin ?? origin,
      ...(own.prediction && { prediction: own.prediction }),
    };
    const { invalidity } = value;
    if (invalidity === 'correct') return this.#correct(value, own, proposal, place);
    const reason = FAILURE_REASONS.find((known) => known === invalidity);
    if (reason === undefined)
      return leftOut(place, 'an invalidity that is no word of T4', () => excerpt(invalidity));
    const failed = failure(reason, own.message ?? 'said so in an imported file');
    // Only our own files say what was measured of one that is over a limit.
    const measured = value.nightshift === undefined ? {} : metricsOf(value, true);
    return result(place, { ...proposal, ...failed, ...measured });
  }

  #correct(value: Json, own: OwnFields, proposal: Proposal, place: string): EntryReading {
    const measurements = listOr(value.measurements).flatMap(measurementOf);
    const samples = readSamples(objectOr(value.times).runtimes, this.#unitOfRuntimes(measurements));
    const measured = this.#measuredTime(value, measurements, samples);
    if (measured.kind === 'none')
      return leftOut(place, 'called correct, without a time', () => measured.problem);
    if (measured.kind === 'failed')
      return result(place, { ...proposal, ...failure(measured.reason, measured.message) });
    const { timeUs } = measured;
    const samplesUs = samples.samplesUs.length === 0 ? [timeUs] : samples.samplesUs;
    const outcome: Outcome = own.phases
      ? { state: 'timed', timeUs, samplesUs, phases: own.phases }
      : { state: 'timed', timeUs, samplesUs };
    return result(place, { ...proposal, ...outcome, ...metricsOf(value, false) }, samples.dropped);
  }

  /**
   * An objective that is called a time, else whatever else is measured and called so, else the median of
   * the runtimes, else an objective that has a unit of time.
   */
  #measuredTime(value: Json, measurements: readonly Measurement[], samples: Samples): Measured {
    const { samplesUs, dropped } = samples;
    const objectives = listOr(value.objectives).filter((name) => typeof name === 'string');
    const isObjective = ({ name }: Measurement): boolean => objectives.includes(name);
    const isCalledTime = ({ name }: Measurement): boolean => kernelTimeName(name) !== undefined;
    const compared = this.#firstOf(measurements, (one) => isCalledTime(one) && isObjective(one));
    const told = isTold(compared) ? compared : this.#firstOf(measurements, isCalledTime);
    if (isTold(told) || told?.isForeignUnit === true) return this.#insteadOf(objectives, told);
    if (samplesUs.length > 0) return this.#insteadOf(objectives, { kind: 'time', timeUs: median(samplesUs) });
    const byUnit = this.#firstOf(
      measurements,
      (one) => isObjective(one) && one.unit !== '' && !isOverhead(one.name),
    );
    return isTold(byUnit) ? byUnit : (told ?? { kind: 'none', problem: this.#missing(objectives, dropped) });
  }

  /** The first of some measurements that tells a time or a failure; else why the first does not. */
  #firstOf(
    measurements: readonly Measurement[],
    isWanted: (measurement: Measurement) => boolean,
  ): Measured | undefined {
    let first: Measured | undefined;
    for (const measurement of measurements) {
      if (!isWanted(measurement)) continue;
      const reading = this.#reading(measurement);
      if (isTold(reading)) return reading;
      first ??= reading;
    }
    return first;
  }

  #missing([objective]: readonly string[], runtimes: number): string {
    if (this.#usual === undefined) return NO_UNIT;
    if (runtimes > 0) return `none of its ${runtimes} runtimes is a time`;
    const other = objective !== undefined && kernelTimeName(objective) === undefined;
    const reason = other ? `its objective '${objective}' is no time; ` : '';
    return `${reason}there is neither a measurement called time nor a runtime`;
  }

  #reading({ name, value, unit }: Measurement): Measured {
    const reason = failureNamed(value);
    if (reason !== undefined) return { kind: 'failed', reason, message: String(value) };
    const scale = this.#unitOf({ name, unit });
    if (scale === undefined) {
      const problem = unit === '' ? NO_UNIT : `'${name}' is in '${unit}', which is no unit of time`;
      return { kind: 'none', problem, isForeignUnit: true };
    }
    const reading = readKernelTime(value, scale);
    return reading.kind === 'failed' ? { ...reading, reason: 'runtime' } : reading;
  }

  /** Microseconds in the unit of a measurement: its own, one in its name, or the usual one. */
  #unitOf({ name, unit }: Pick<Measurement, 'name' | 'unit'>): number | undefined {
    const said = unit === '' ? kernelTimeName(name)?.unit : unit;
    return said === undefined ? this.#usual : microsecondsOf(said);
  }

  /** The usual unit; where the file breaks off before it says one, that of the time beside them. */
  #unitOfRuntimes(measurements: readonly Measurement[]): number | undefined {
    const time = measurements.find(({ name }) => kernelTimeName(name) !== undefined);
    return this.#usual ?? (time && this.#unitOf(time));
  }

  /** Remembers what the tuner compared, where that is no time. */
  #insteadOf(objectives: readonly string[], told: Measured): Measured {
    if (objectives.every((name) => kernelTimeName(name) === undefined))
      for (const name of objectives) this.#otherObjectives.add(name);
    return told;
  }
}

type Told = Exclude<Measured, { kind: 'none' }>;

function isTold(reading: Measured | undefined): reading is Told {
  return reading !== undefined && reading.kind !== 'none';
}

const NO_UNIT = 'the file breaks off before it says its unit of time';

type Measured =
  | Readonly<{ kind: 'time'; timeUs: number }>
  | Readonly<{ kind: 'failed'; reason: InvalidReason; message: string }>
  | Readonly<{ kind: 'none'; problem: string; isForeignUnit?: boolean }>;

function measurementOf(data: unknown): readonly Measurement[] {
  const { name, value, unit } = objectOr(data);
  return typeof name === 'string' ? [{ name, value, unit: typeof unit === 'string' ? unit.trim() : '' }] : [];
}

/** What was measured besides the time, or with it. What has no name or value of a metric is left out. */
function metricsOf(value: Json, withTime: boolean): Readonly<{ metrics?: Metrics }> {
  const metrics = listOr(value.measurements)
    .flatMap(measurementOf)
    .flatMap(({ name, value: measured }) => {
      const isNamed = name === TIME ? withTime : kernelTimeName(name) === undefined;
      const isOne = isNamed && typeof measured === 'number' && isMetric(measured);
      return isOne && (name === TIME || nameProblem(name) === undefined) ? [[name, measured] as const] : [];
    })
    .slice(0, MOST_METRICS);
  return metrics.length === 0 ? {} : { metrics: Object.fromEntries(metrics) };
}

function failure(reason: InvalidReason, message: string): Outcome {
  return { state: 'invalid', reason, message };
}

function result(place: string, settled: Result, droppedSamples = 0): EntryReading {
  return { kind: 'result', place, result: settled, droppedSamples };
}

function leftOut(place: string, reason: string, detail: () => string): EntryReading {
  return { kind: 'left out', place, reason, detail };
}
