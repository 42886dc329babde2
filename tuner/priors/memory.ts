import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { Parameter } from '../../search-space/parameter.ts';
import type { SettledTrial } from '../../store/trial.ts';
import type { TransferredTrial } from '../models/transfer-prior.ts';
import { TIME } from '../objectives/metrics.ts';
import { brokenLimit, LEAST_VALUE, type Measured, type Objective, valueAt } from '../objectives/objective.ts';

/** What is kept of another study: a row of values a trial, and ln of what is sought (time in µs), null where it failed. */
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

/** A trial as another study's objective sees it: ln(what that seeks), null where it failed. */
type Seen = Readonly<{ trial: SettledTrial; log: number | null }>;

/**
 * What a study that seeks `objective` can learn from the trials. Half are the best, the rest are spread evenly over all
 * others, failed ones included; disturbed ones, and those that lack what is sought, are left out. In the order of the log.
 */
export function memoryOf(
  study: string,
  parameters: readonly Parameter[],
  trials: readonly SettledTrial[],
  objective: Objective,
): Memory {
  const names = parameters.map(({ name }) => name);
  const kept = thinned(trials.flatMap((trial) => seenBy(objective, trial)));
  return {
    study,
    names,
    rows: kept.map(({ trial: { configuration } }) => names.map((name) => configuration[name])),
    logTimes: kept.map(({ log }) => log),
  };
}

function seenBy(objective: Objective, trial: SettledTrial): readonly Seen[] {
  if (trial.state === 'invalid' && trial.reason === 'disturbed') return [];
  const measured = measuredIn(trial);
  if (measured === undefined) return [{ trial, log: null }];
  const value = valueAt(objective.names[0], measured);
  if (value === undefined) return [];
  const broken = brokenLimit(objective, measured);
  const isOver = broken !== undefined && valueAt(broken.name, measured) !== undefined;
  return [{ trial, log: isOver ? null : Math.log(Math.max(LEAST_VALUE, value)) }];
}

/** Also of a trial that was over a limit of its own study. Undefined where it failed. */
function measuredIn(trial: SettledTrial): Measured | undefined {
  if (trial.state === 'timed') return trial;
  const { metrics = {} } = trial;
  return Object.hasOwn(metrics, TIME) ? { timeUs: metrics[TIME], metrics } : undefined;
}

function thinned(seen: readonly Seen[]): readonly Seen[] {
  if (seen.length <= KEPT) return seen;
  const value = ({ log }: Seen): number => log ?? Number.MAX_VALUE;
  const ranked = [...seen].sort((a, b) => value(a) - value(b) || a.trial.number - b.trial.number);
  const fast = KEPT / 2;
  const step = (ranked.length - fast) / (KEPT - fast);
  const others = Array.from({ length: KEPT - fast }, (_, i) => ranked[fast + Math.floor(i * step)]);
  return [...ranked.slice(0, fast), ...others].sort((a, b) => a.trial.number - b.trial.number);
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
