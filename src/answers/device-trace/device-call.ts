import { InputError } from '../../../search-space/input-error.ts';
import { type Configuration, configurationKey, type Value } from '../../../search-space/parameter.ts';
import type { Imports } from '../../ask/own-kernels.ts';
import type { DeviceLog, LogRow } from '../../importers/device-log/log-row.ts';
import { kernelHash } from '../../kernels/hash.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { formatShape, parseShape } from '../../kernels/shape.ts';
import type { SimulatedTarget } from '../../targets/npu/machine/schema.ts';
import { simulatedTarget } from '../../targets/npu/target.ts';
import { kernelOfRow, rowConfiguration, timeOfRow } from '../calibration/logged-calls.ts';
import type { MachineCall } from '../two-calls.ts';

/** One call of a device's log, in the configuration that the log says, so far as it says one. */
export type DeviceCall = Readonly<{
  row: LogRow;
  configuration: Configuration;
  timeUs: number;
  /** How many timings the log has of it: this is the one in their middle. */
  timings: number;
}>;

/** Kernels or configurations that an error names. */
const NAMED = 8;

/**
 * The call of a log that is asked for: its kernel and shape, and, where the log has several configurations of
 * them, the one with the values that are `given`. What the log leaves open is as in `call`. Throws InputError, which names
 * what the log has, if there is none, or more than one.
 */
export async function deviceCallOf(
  log: DeviceLog,
  { kernel, machine, configuration }: MachineCall,
  given: Readonly<Record<string, Value>>,
  imports: Imports,
): Promise<DeviceCall> {
  const rows = await rowsOf(log, kernel, imports);
  const target = simulatedTarget(machine);
  const space = target.space(kernel);
  const found = new Map<string, { configuration: Configuration; rows: LogRow[] }>();
  for (const row of rows) {
    const own = rowConfiguration(row, space, configuration, '--against');
    const key = configurationKey(space.parameters, own);
    const known = found.get(key) ?? { configuration: own, rows: [] };
    known.rows.push(row);
    found.set(key, known);
  }
  const meant = [...found.values()].filter((each) =>
    Object.entries(given).every(([name, value]) => each.configuration[name] === value),
  );
  if (meant.length === 1) return middleOf(meant[0].rows, meant[0].configuration, machine);
  const sets = [...found.values()].map((each) => each.rows[0].set.join(',') || 'no configuration');
  const what = `${sets.length === 1 ? 'one configuration' : `${sets.length} configurations`} of it: ${shown(sets)}`;
  if (meant.length > 1) throw new InputError('--against', `has ${what}`, '--set says which is meant');
  throw new InputError('--against', `has ${what}`, 'none has what --set says');
}

/**
 * The shape at which a log has a kernel: the asked one, which a flat one may be a row of ("65536" of "1x65536"); or, where
 * none is asked for, the only one there is. Undefined where the log has it as it is, or leaves open which is meant.
 */
export function shapeInLog({ rows }: DeviceLog, kernel: Kernel, isAsked: boolean): string | undefined {
  const own = rows.filter(
    (row) => row.kernel === kernel.name && (row.dtype ?? kernel.dtype) === kernel.dtype,
  );
  const shapes = [...new Set(own.map(({ shape }) => shape))];
  const wanted = formatShape(kernel.shape);
  if (shapes.some((shape) => shape === undefined || formatShape(parseShape(shape)) === wanted))
    return undefined;
  const alike = shapes.filter((shape) => shape !== undefined && (!isAsked || flat(shape) === flat(wanted)));
  return alike.length === 1 ? alike[0] : undefined;
}

/** A shape without extents of 1. */
function flat(shape: string): string {
  return parseShape(shape)
    .filter((extent) => extent !== 1)
    .join('x');
}

/** The log's rows of a kernel at its shape. */
async function rowsOf(
  { rows, leftOut }: DeviceLog,
  kernel: Kernel,
  imports: Imports,
): Promise<readonly LogRow[]> {
  const wanted = kernelHash(kernel);
  const kernels = new Map<string, Kernel | undefined>();
  const found: LogRow[] = [];
  const others = new Set<string>();
  for (const row of rows) {
    const words = JSON.stringify([row.kernel, row.shape, row.dtype]);
    if (!kernels.has(words)) kernels.set(words, await kernelOrNone(row, imports));
    const own = kernels.get(words);
    if (own === undefined) others.add([row.kernel, row.shape, row.dtype].filter(Boolean).join(' '));
    else if (kernelHash(own) === wanted) found.push(row);
    else others.add(wordsOf(own));
  }
  if (found.length > 0) return found;
  const left = leftOut.map(({ count, reason }) => `${count} left out: ${reason}`);
  const isSame = (words: string): boolean => words.startsWith(`${kernel.name} `);
  const same = [...others].filter(isSame);
  const choose = same.length === 0 ? [] : ['--shape and --dtype say which is meant'];
  const first = [...same, ...[...others].filter((words) => !isSame(words))];
  throw new InputError(
    '--against',
    `has no timing of ${wordsOf(kernel)}`,
    [`it has ${shown(first)}`, ...choose, ...left].join('; '),
  );
}

async function kernelOrNone(row: LogRow, imports: Imports): Promise<Kernel | undefined> {
  try {
    return await kernelOfRow(row, imports);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function wordsOf({ name, shape, dtype }: Kernel): string {
  return `${name} ${formatShape(shape)} ${dtype}`;
}

function shown(words: readonly string[]): string {
  const more = words.length > NAMED ? ` and ${words.length - NAMED} more` : '';
  return `${words.slice(0, NAMED).join('; ')}${more}`;
}

function middleOf(
  rows: readonly LogRow[],
  configuration: Configuration,
  machine: SimulatedTarget,
): DeviceCall {
  const timed = rows.map((row) => ({ row, timeUs: timeOfRow(row, machine).us }));
  timed.sort((a, b) => a.timeUs - b.timeUs);
  return { ...timed[Math.floor((timed.length - 1) / 2)], configuration, timings: rows.length };
}
