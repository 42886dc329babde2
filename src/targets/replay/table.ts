import { basename } from 'node:path';
import { z } from 'zod';
import { defineSpace } from '../../../search-space/define-space.ts';
import { InputError } from '../../../search-space/input-error.ts';
import type { Value } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import { readSpaceFile } from '../../../search-space/space-file.ts';
import { tableSpace } from '../../../search-space/table-space.ts';
import { readJson } from '../../text/read-json.ts';

/** A space of which every configuration was measured. */
export type ReplayTable = Readonly<{
  name: string;
  kernel: string;
  device: string;
  source: string;
  space: SearchSpace;
  /** Microseconds by index; NaN if the build or the execution failed. */
  timesUs: Float64Array;
  /** Standard deviation of one execution in microseconds by index, 0 if unknown; undefined if the file gives none. */
  sdUs: Float64Array | undefined;
  /** The smallest time. */
  optimumUs: number;
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
  rows: z.array(z.array(z.union([z.number(), z.string(), z.boolean(), z.null()]))).min(1),
  std: z.array(z.number().nonnegative().nullable()).nullish(),
});
type TableFile = z.infer<typeof fileSchema>;

const MICROSECONDS = { ns: 1e-3, us: 1, ms: 1e3, s: 1e6 } as const;
const UNITS: ReadonlyMap<string, number> = new Map(Object.entries(MICROSECONDS));

/**
 * Reads a brute-forced table (`*.json` or `*.json.gz`). If the file gives constraints, they define the
 * space, and a member without a row counts as failed; else the space is the set of rows. Throws InputError
 * for a file that cannot be read, is not such a table, or has no times.
 */
export async function loadReplayTable(path: string): Promise<ReplayTable> {
  return tableOf(path, readJson('table', path));
}

/**
 * Reads a table as `loadReplayTable` does; undefined for a JSON file without rows, such as an index beside
 * the tables.
 */
export async function loadIfReplayTable(path: string): Promise<ReplayTable | undefined> {
  const data = readJson('table', path);
  const claims = typeof data === 'object' && data !== null && 'rows' in data;
  return claims ? tableOf(path, data) : undefined;
}

function tableOf(path: string, data: unknown): ReplayTable {
  const parsed = fileSchema.safeParse(data);
  if (!parsed.success) {
    const { path: at, message } = parsed.error.issues[0];
    throw new InputError(path, `is not a table of a tuning space: ${at.join('.') || 'file'}: ${message}`);
  }
  const file = parsed.data;
  const rows = file.rows.map((row, number) => rowOf(path, row, number, file.params.length));
  const space = spaceOf(path, file, rows);
  return { ...factsOf(file, path), space, ...measured(path, file, rows, space) };
}

function spaceOf(path: string, { params, constraints }: TableFile, rows: readonly Row[]): SearchSpace {
  try {
    const definition = readSpaceFile({ params, constraints });
    if (constraints.length > 0) return defineSpace(definition.parameters, definition.constraints);
    const values = rows.map((row) => row.values);
    return tableSpace(definition.parameters, values);
  } catch (cause) {
    throw cause instanceof InputError ? new InputError(path, cause.message) : cause;
  }
}

type Row = Readonly<{ values: readonly Value[]; time: number }>;

function rowOf(path: string, row: readonly (Value | null)[], number: number, width: number): Row {
  const field = `${path}: rows[${number}]`;
  const time = row[width];
  if (row.length !== width + 1) {
    throw new InputError(field, `has ${row.length} entries, not ${width} values and a time`);
  }
  if (time !== null && !(typeof time === 'number' && time > 0)) {
    throw new InputError(field, `ends in ${JSON.stringify(time)}`, 'a time is a positive number or null');
  }
  const values = row.slice(0, width).map((value) => {
    if (value === null) throw new InputError(field, 'has null where a parameter has a value');
    return value;
  });
  return { values, time: time ?? Number.NaN };
}

function factsOf({ name, kernel, device, source }: TableFile, path: string) {
  return { name: name ?? basename(path).replace(/\.json(\.gz)?$/, ''), kernel, device, source };
}

function measured(path: string, file: TableFile, rows: readonly Row[], space: SearchSpace) {
  const unit = UNITS.get(file.objective.split('_').at(-1) ?? '') ?? MICROSECONDS.ms;
  const timesUs = new Float64Array(space.size).fill(Number.NaN);
  const sdUs = file.std ? new Float64Array(space.size) : undefined;
  rows.forEach(({ values, time }, number) => {
    const index = space.indexOf(Object.fromEntries(space.parameters.map(({ name }, p) => [name, values[p]])));
    if (index < 0) return;
    timesUs[index] = time * unit;
    if (sdUs !== undefined) sdUs[index] = (file.std?.[number] ?? 0) * unit;
  });
  const optimumUs = timesUs.reduce((least, time) => (time < least ? time : least), Number.POSITIVE_INFINITY);
  if (optimumUs === Number.POSITIVE_INFINITY) throw new InputError(path, 'has no times');
  return { timesUs, sdUs, optimumUs };
}
