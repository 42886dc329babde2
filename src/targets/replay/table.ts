import { basename } from 'node:path';
import { z } from 'zod';
import { type BuildSpace, buildHere } from '../../../search-space/define-space.ts';
import { InputError } from '../../../search-space/input-error.ts';
import type { Configuration, Parameter, Value } from '../../../search-space/parameter.ts';
import { preferredIn } from '../../../search-space/preferred.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import type { SpaceFile } from '../../../search-space/space-definition.ts';
import { readSpaceFile } from '../../../search-space/space-file.ts';
import { tableSpace } from '../../../search-space/table-space.ts';
import { isTime } from '../../../tuner/measurement/time-range.ts';
import { readJson } from '../../text/read-json.ts';
import { kernelTimeName } from '../../text/time-name.ts';
import { microsecondsIn } from '../../text/time-unit.ts';

/** A space of which every configuration was measured. */
export type ReplayTable = Readonly<{
  name: string;
  kernel: string;
  device: string;
  source: string;
  space: SearchSpace;
  /** The configuration used before tuning, if the file gives it; else the first member. */
  default: Configuration;
  /** Microseconds by index; NaN if the build or the execution failed. */
  timesUs: Float64Array;
  /** Standard deviation of one execution in microseconds by index, 0 if unknown; undefined if the file gives none. */
  sdUs: Float64Array | undefined;
  /** What building and all runs took by index, milliseconds, as far as it is known; undefined if the file gives no times of builds. */
  trialMs: Float64Array | undefined;
  /** The smallest time. */
  optimumUs: number;
  /** A sentence for each part of the file that was left out. */
  notes: readonly string[];
}>;

const fileSchema = z.looseObject({
  name: z.string().optional(),
  kernel: z.string().default('kernel'),
  device: z.string().default('device'),
  source: z.string().default('unknown'),
  objective: z.string().default('time_ms'),
  params: z.array(z.looseObject({ name: z.string(), values: z.array(z.unknown()) })).min(1),
  constraints: z.array(z.string()).default([]),
  /** A value for each parameter, then the time or null. */
  rows: z.array(z.unknown()).min(1),
  std: z.array(z.unknown()).nullish(),
  compile_ms: z.array(z.unknown()).nullish(),
  /** Runs of each configuration. */
  repeats: z.int().positive().catch(1),
});
type TableFile = z.infer<typeof fileSchema>;

/**
 * Reads a brute-forced table (`*.json` or `*.json.gz`). If the file gives constraints, they define the
 * space, and a member without a row counts as failed; else the space is the set of rows. An invalid row is
 * left out, and a note counts such rows. Throws InputError for a file that cannot be read, is not such a
 * table, has another objective than time, or has no times.
 */
export async function loadReplayTable(path: string, build: BuildSpace = buildHere): Promise<ReplayTable> {
  return tableOf(path, readJson('table', path), build);
}

/**
 * Reads a table as `loadReplayTable` does; undefined for a JSON file without rows, such as an index beside
 * the tables.
 */
export async function loadIfReplayTable(path: string): Promise<ReplayTable | undefined> {
  const data = readJson('table', path);
  const claims = typeof data === 'object' && data !== null && 'rows' in data;
  return claims ? tableOf(path, data, buildHere) : undefined;
}

async function tableOf(path: string, data: unknown, build: BuildSpace): Promise<ReplayTable> {
  const parsed = fileSchema.safeParse(data);
  if (!parsed.success) {
    const { path: at, message } = parsed.error.issues[0];
    throw new InputError(path, `is not a table of a tuning space: ${at.join('.') || 'file'}: ${message}`);
  }
  const file = parsed.data;
  const unitUs = unitOf(path, file.objective);
  const { parameters, constraints, ...said } = definitionOf(path, file);
  const { rows, odd } = readRows(file.rows, parameters);
  if (rows.length === 0) throw new InputError(path, `has no valid row: ${odd[0]}`);
  const space =
    constraints.length > 0 ? await build({ parameters, constraints }) : spaceOfRows(parameters, rows);
  const { preferred, notes } = preferredIn(space, said);
  const left = `left out ${odd.length} invalid rows of ${file.rows.length} (first ${odd[0]})`;
  return {
    ...factsOf(file, path),
    space,
    default: preferred,
    notes: [...(odd.length === 0 ? [] : [left]), ...notes].map((note) => `${path}: ${note}`),
    ...measured(path, file, rows, space, unitUs),
  };
}

/** Microseconds in the unit of an objective, by default milliseconds. Throws InputError if it is not a time. */
function unitOf(path: string, objective: string): number {
  const name = kernelTimeName(objective);
  if (name !== undefined) return microsecondsIn(name.unit ?? 'ms', path);
  throw new InputError(path, `its objective '${objective}' is no time`, 'a table says time_ms, time_us, …');
}

function definitionOf(path: string, { params, constraints, default: preferred }: TableFile): SpaceFile {
  try {
    return readSpaceFile({ params, constraints, default: preferred });
  } catch (cause) {
    throw cause instanceof InputError ? new InputError(path, cause.message) : cause;
  }
}

function spaceOfRows(parameters: readonly Parameter[], rows: readonly Row[]): SearchSpace {
  return tableSpace(
    parameters,
    rows.map(({ values }) => values),
  );
}

/** `time` is NaN if the configuration failed. */
type Row = Readonly<{ number: number; values: readonly Value[]; time: number }>;

/** The valid rows of the file, and the place of each invalid row with the reason. */
function readRows(
  all: readonly unknown[],
  parameters: readonly Parameter[],
): Readonly<{ rows: readonly Row[]; odd: readonly string[] }> {
  const rows: Row[] = [];
  const odd: string[] = [];
  for (const [number, data] of all.entries()) {
    const row = rowOf(data, number, parameters);
    if (typeof row === 'string') odd.push(`rows[${number}]: ${row}`);
    else rows.push(row);
  }
  return { rows, odd };
}

function rowOf(data: unknown, number: number, parameters: readonly Parameter[]): Row | string {
  if (!Array.isArray(data)) return 'is no list';
  const row: readonly unknown[] = data;
  const width = parameters.length;
  if (row.length !== width + 1) return `has ${row.length} entries, not ${width} values and a time`;
  const values: Value[] = [];
  for (const [place, { name, values: listed }] of parameters.entries()) {
    const value = listed.find((one) => one === row[place]);
    if (value === undefined) return `${JSON.stringify(row[place])} is not among the values of ${name}`;
    values.push(value);
  }
  const time = row[width];
  if (isFailure(time)) return { number, values, time: Number.NaN };
  const isPositive = typeof time === 'number' && time > 0;
  return isPositive ? { number, values, time } : `${JSON.stringify(time)} is no time`;
}

/** Failures are null (also written NaN), the name of a failure, or an impossibly long time. */
function isFailure(time: unknown): boolean {
  return time === null || typeof time === 'string' || (typeof time === 'number' && time >= FAILED_FROM);
}

const FAILED_FROM = 1e20;

function factsOf({ name, kernel, device, source }: TableFile, path: string) {
  return { name: name ?? basename(path).replace(/\.json(\.gz)?$/, ''), kernel, device, source };
}

function measured(
  path: string,
  file: TableFile,
  rows: readonly Row[],
  space: SearchSpace,
  unitUs: number,
): Pick<ReplayTable, 'timesUs' | 'sdUs' | 'trialMs' | 'optimumUs'> {
  const timesUs = new Float64Array(space.size).fill(Number.NaN);
  const sdUs = file.std ? new Float64Array(space.size) : undefined;
  const trialMs = file.compile_ms ? new Float64Array(space.size) : undefined;
  for (const { number, values, time } of rows) {
    const index = space.indexOf(Object.fromEntries(space.parameters.map(({ name }, p) => [name, values[p]])));
    if (index < 0) continue;
    timesUs[index] = isTime(time * unitUs) ? time * unitUs : Number.NaN;
    if (sdUs !== undefined) sdUs[index] = amountOf(file.std?.[number]) * unitUs;
    if (trialMs !== undefined) {
      const runsMs = (file.repeats * amountOf(timesUs[index])) / 1000;
      trialMs[index] = amountOf(file.compile_ms?.[number]) + runsMs;
    }
  }
  const optimumUs = timesUs.reduce((least, time) => (time < least ? time : least), Number.POSITIVE_INFINITY);
  if (optimumUs === Number.POSITIVE_INFINITY) throw new InputError(path, 'has no times');
  return { timesUs, sdUs, trialMs, optimumUs };
}

/** 0 for what is no amount. */
function amountOf(given: unknown): number {
  return typeof given === 'number' && given >= 0 && Number.isFinite(given) ? given : 0;
}
