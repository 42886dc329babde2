import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { Parameter } from '../../search-space/parameter.ts';
import type { SettledTrial } from '../../store/trial.ts';
import type { Known } from '../models/known.ts';

/** What is remembered of one study: a row of values a trial, and ln(time in µs), null where it failed. */
export type Memory = Readonly<{
  study: string;
  names: readonly string[];
  rows: readonly (readonly (number | string | boolean)[])[];
  logTimes: readonly (number | null)[];
}>;

/** What a study is told when it is opened: memories, and the version of a model to ask. */
export type Told = Readonly<{ memories: readonly Memory[]; model: string | null }>;

const value = z.union([z.number(), z.string(), z.boolean()]);
const told: z.ZodType<Told> = z
  .object({
    memories: z
      .array(
        z
          .object({
            study: z.string(),
            names: z.array(z.string()).readonly(),
            rows: z.array(z.array(value).readonly()).readonly(),
            logTimes: z.array(z.number().nullable()).readonly(),
          })
          .readonly(),
      )
      .readonly(),
    model: z.string().nullable(),
  })
  .readonly();

/** Trials of a study that are kept. */
const KEPT = 300;

/** The fastest as half, the rest evenly from all others: failed ones too, disturbed ones not. In the order of the log. */
export function memoryOf(
  study: string,
  parameters: readonly Parameter[],
  trials: readonly SettledTrial[],
): Memory {
  const names = parameters.map(({ name }) => name);
  const kept = thinned(trials.filter((trial) => trial.state === 'timed' || trial.reason !== 'disturbed'));
  return {
    study,
    names,
    rows: kept.map(({ configuration }) => names.map((name) => configuration[name])),
    logTimes: kept.map((trial) => (trial.state === 'timed' ? Math.log(trial.timeUs) : null)),
  };
}

function thinned(trials: readonly SettledTrial[]): readonly SettledTrial[] {
  if (trials.length <= KEPT) return trials;
  const time = (trial: SettledTrial): number =>
    trial.state === 'timed' ? trial.timeUs : Number.POSITIVE_INFINITY;
  const ranked = [...trials].sort((a, b) => time(a) - time(b) || a.number - b.number);
  const fast = KEPT / 2;
  const step = (ranked.length - fast) / (KEPT - fast);
  const others = Array.from({ length: KEPT - fast }, (_, i) => ranked[fast + Math.floor(i * step)]);
  return [...ranked.slice(0, fast), ...others].sort((a, b) => a.number - b.number);
}

export function packMemories(what: Told): Uint8Array {
  return gzipSync(JSON.stringify(what));
}

/** Throws where the bytes are not what `packMemories` made. */
export function unpackMemories(blob: Uint8Array): Told {
  return told.parse(JSON.parse(gunzipSync(blob).toString('utf8')));
}

/** The trials as members of these parameters; those with a value that is unknown here are left out. */
export function recall(parameters: readonly Parameter[], { names, rows, logTimes }: Memory): Known {
  const columns = parameters.map(({ name }) => names.indexOf(name));
  const members: Int32Array[] = [];
  const times: number[] = [];
  rows.forEach((row, place) => {
    const digits = Int32Array.from(parameters, ({ values }, p) => values.indexOf(row[columns[p]]));
    if (digits.includes(-1)) return;
    members.push(digits);
    times.push(logTimes[place] ?? Number.POSITIVE_INFINITY);
  });
  return { members, logTimes: Float64Array.from(times) };
}
