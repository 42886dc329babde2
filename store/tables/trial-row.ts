import { z } from 'zod';
import type { Database, SqlParameters, SqlValue } from '../sqlite-database.ts';
import type { Proposal, SettledTrial, TimedTrial, UnsettledTrial } from '../trial.ts';
import { INVALID_REASONS } from '../trial.ts';
import type { WrittenResult } from '../written-result.ts';
import { configurationDigest, inOrder } from './configuration.ts';
import { jsonText, parseRow } from './row.ts';
import { configuration } from './shapes.ts';

/** Converts a trial to and from its row. */

export const TRIAL_COLUMNS = `t.number, t.configuration, t.subset, t.origin, t.mean_log, t.sd_log, t.state,
  t.time_us, t.samples_us, t.phases, t.reason, t.message, t.at, t.metrics`;

const time = z.number().positive();
const proposed = {
  configuration: jsonText(configuration),
  subset: z.string(),
  origin: z.string(),
  mean_log: z.number().nullable(),
  sd_log: z.number().nullable(),
  at: z.number(),
};
const numbers = jsonText(z.record(z.string(), z.number()).readonly()).nullable();
const timedRow = z.object({
  ...proposed,
  state: z.literal('timed'),
  number: z.number(),
  time_us: time,
  samples_us: jsonText(z.array(time).readonly()),
  phases: numbers,
  metrics: numbers,
});
const invalidRow = z.object({
  ...proposed,
  state: z.literal('invalid'),
  number: z.number(),
  reason: z.enum(INVALID_REASONS),
  message: z.string(),
  metrics: numbers,
});
const settledRow = z.discriminatedUnion('state', [timedRow, invalidRow]);
const unsettledRow = z.object({ ...proposed, state: z.enum(['running', 'abandoned']) });

export function settledTrial(database: Database, row: unknown): SettledTrial {
  const parsed = parseRow(database, settledRow, row);
  if (parsed.state === 'timed') return timed(parsed);
  const { state, reason, message, metrics } = parsed;
  return Object.freeze({ ...settled(parsed), state, reason, message, ...(metrics && { metrics }) });
}

export function timedTrial(database: Database, row: unknown): TimedTrial {
  return timed(parseRow(database, timedRow, row));
}

function timed(row: z.infer<typeof timedRow>): TimedTrial {
  const { state, time_us: timeUs, samples_us: samplesUs, phases, metrics } = row;
  return Object.freeze({
    ...settled(row),
    state,
    timeUs,
    samplesUs,
    ...(phases && { phases }),
    ...(metrics && { metrics }),
  });
}

function settled(row: z.infer<typeof settledRow>): Proposal & Pick<SettledTrial, 'number' | 'settledAt'> {
  return { ...proposal(row), number: row.number, settledAt: row.at };
}

export function unsettledTrial(database: Database, row: unknown): UnsettledTrial {
  const parsed = parseRow(database, unsettledRow, row);
  return Object.freeze({ ...proposal(parsed), state: parsed.state, startedAt: parsed.at });
}

function proposal(row: z.infer<typeof unsettledRow> | z.infer<typeof settledRow>): Proposal {
  const { configuration, subset, origin, mean_log: meanLog, sd_log: sdLog } = row;
  const prediction = meanLog === null || sdLog === null ? {} : { prediction: { meanLog, sdLog } };
  return { configuration, subset, origin, ...prediction };
}

/** Throws RangeError if the configuration's keys are not the study's parameters. */
export function proposalColumns(names: readonly string[], proposal: Proposal): SqlParameters {
  const text = JSON.stringify(inOrder(names, proposal.configuration));
  return {
    key: configurationDigest(text),
    configuration: text,
    subset: proposal.subset,
    origin: proposal.origin,
    meanLog: proposal.prediction?.meanLog ?? null,
    sdLog: proposal.prediction?.sdLog ?? null,
  };
}

/** Where and when results are settled: the rows of their study and visit, and the time of day. */
export type SettledPlace = Readonly<{ study: number; visit: number; at: number }>;

/** The values of a result's row in the order of the columns; `key` is the digest of its configuration. */
export function settledValues(
  result: WrittenResult,
  key: Uint8Array,
  { study, visit, at }: SettledPlace,
  number: number,
): readonly SqlValue[] {
  const { configuration, subset, origin, prediction, state } = result;
  const timed = result.state === 'timed' ? result : undefined;
  const failed = result.state === 'invalid' ? result : undefined;
  return [
    study,
    number,
    visit,
    key,
    configuration,
    subset,
    origin,
    prediction?.meanLog ?? null,
    prediction?.sdLog ?? null,
    state,
    timed?.timeUs ?? null,
    timed?.samplesUs ?? null,
    timed?.phases ?? null,
    failed?.reason ?? null,
    failed?.message ?? null,
    at,
    result.metrics,
  ];
}
