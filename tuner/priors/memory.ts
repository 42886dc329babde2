import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { Parameter } from '../../search-space/parameter.ts';
import type { SettledTrial } from '../../store/trial.ts';
import type { TransferredTrial } from '../models/transfer-prior.ts';

/** What is kept of another study: a row of values a trial, and ln(time in µs), null where it failed. */
export type Memory = Readonly<{
  study: string;
  names: readonly string[];
  rows: readonly (readonly (number | string | boolean)[])[];
  logTimes: readonly (number | null)[];
}>;

/** What a prior is frozen as: memories of near studies, and the version of a model. */
type PriorContents = Readonly<{ memories: readonly Memory[]; model: string | null }>;

const value = z.union([z.number(), z.string(), z.boolean()]);
const contents: z.ZodType<PriorContents> = z
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

/** The most trials that are kept of a study. */
const KEPT = 300;

/** Half are the fastest, the rest are spread evenly over all others, failed ones included, disturbed ones not. In the order of the log. */
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

export function packPrior(prior: PriorContents): Uint8Array {
  return gzipSync(JSON.stringify(prior));
}

/** Throws where the bytes are not what `packPrior` made. */
export function unpackPrior(blob: Uint8Array): PriorContents {
  return contents.parse(JSON.parse(gunzipSync(blob).toString('utf8')));
}

/** Its trials, configuration by configuration. */
export function trialsIn({ names, rows, logTimes }: Memory): readonly TransferredTrial[] {
  return rows.map((row, place) => ({
    configuration: Object.fromEntries(names.map((name, column) => [name, row[column]])),
    logTime: logTimes[place] ?? Number.POSITIVE_INFINITY,
  }));
}
