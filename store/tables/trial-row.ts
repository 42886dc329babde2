import { z } from 'zod';
import type { Configuration } from '../../search-space/parameter.ts';
import type { Database, SqlParameters } from '../sqlite-database.ts';
import type { Outcome, Proposal, Result, SettledTrial, UnsettledTrial } from '../trial.ts';
import { INVALID_REASONS } from '../trial.ts';
import { configurationDigest, inOrder } from './configuration.ts';
import { jsonText, parseRow } from './row.ts';
import { configuration } from './shapes.ts';

/** How a trial stands in its row, both ways. */

export const TRIAL_COLUMNS = `t.number, t.configuration, t.subset, t.origin, t.mean_log, t.sd_log, t.state,
  t.time_us, t.samples_us, t.phases, t.reason, t.message, t.at`;

const time = z.number().positive();
const proposed = {
  configuration: jsonText(configuration),
  subset: z.string(),
  origin: z.string(),
  mean_log: z.number().nullable(),
  sd_log: z.number().nullable(),
  at: z.number(),
};
const timedRow = z.object({
  ...proposed,
  state: z.literal('timed'),
  number: z.number(),
  time_us: time,
  samples_us: jsonText(z.array(time).readonly()),
  phases: jsonText(z.record(z.string(), z.number()).readonly()).nullable(),
});
const invalidRow = z.object({
  ...proposed,
  state: z.literal('invalid'),
  number: z.number(),
  reason: z.enum(INVALID_REASONS),
  message: z.string(),
});
const settledRow = z.discriminatedUnion('state', [timedRow, invalidRow]);
const unsettledRow = z.object({ ...proposed, state: z.enum(['running', 'abandoned']) });

export function settledTrial(database: Database, row: unknown): SettledTrial {
  const parsed = parseRow(database, settledRow, row);
  const common = { ...proposal(parsed), number: parsed.number, settledAt: parsed.at };
  if (parsed.state === 'invalid') {
    const { state, reason, message } = parsed;
    return Object.freeze({ ...common, state, reason, message });
  }
  const { state, time_us: timeUs, samples_us: samplesUs, phases } = parsed;
  return Object.freeze({ ...common, state, timeUs, samplesUs, ...(phases === null ? {} : { phases }) });
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

/** Throws RangeError when the configuration's keys are not the study's parameters. */
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

type Place = Readonly<{ study: number; number: number; visit: number; at: number }>;

/**
 * One literal with all columns: a million trials are bound by it. Throws RangeError as `proposalColumns`
 * does, and for a time that is not positive and finite: it could not be read again.
 */
export function settledColumns(
  names: readonly string[],
  result: Result,
  { study, number, visit, at }: Place,
): SqlParameters {
  const { key, configuration, subset, origin, meanLog, sdLog } = proposalColumns(names, result);
  const timed = result.state === 'timed' ? checkedTimes(result) : undefined;
  const failed = result.state === 'invalid' ? result : undefined;
  return {
    study,
    number,
    visit,
    key,
    configuration,
    subset,
    origin,
    meanLog,
    sdLog,
    state: result.state,
    timeUs: timed?.timeUs ?? null,
    samplesUs: timed === undefined ? null : JSON.stringify(timed.samplesUs),
    phases: timed?.phases === undefined ? null : JSON.stringify(timed.phases),
    reason: failed?.reason ?? null,
    message: failed?.message ?? null,
    at,
  };
}

function checkedTimes(outcome: Extract<Outcome, { state: 'timed' }>): typeof outcome {
  const { timeUs, samplesUs } = outcome;
  const wrong = isPositive(timeUs) ? samplesUs.find((us) => !isPositive(us)) : timeUs;
  if (wrong === undefined) return outcome;
  throw new RangeError(`a time of ${wrong} µs is none; expected it to be positive`);
}

function isPositive(us: number): boolean {
  return us > 0 && us < Number.POSITIVE_INFINITY;
}

/** The same configuration and its keys in order, as it will be read again. */
export function storedConfiguration(names: readonly string[], given: Configuration): Configuration {
  return Object.freeze(inOrder(names, given));
}
