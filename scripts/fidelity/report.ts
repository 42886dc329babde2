import { boundOf } from '../../src/targets/npu/machine/calibration.ts';
import { listTargets, loadTarget } from '../../src/targets/npu/machine/load.ts';
import { originsOf } from '../../src/targets/npu/machine/origins.ts';
import { calibrationOf } from '../../src/targets/npu/machine/parameter-sets.ts';
import { crossValidate } from './cross-validate.ts';
import { type Crossing, crossings, GATED } from './crossings.ts';
import { type Observation, observations } from './observations.ts';

/** One published figure against the simulator. `simulated` of a cross-validated row is a prediction. */
export type Row = Readonly<{
  id: string;
  mode?: 'single' | 'four-way';
  device: string;
  published: number | string;
  simulated: number | null;
  ratio: number | null;
  unit: 'us' | 'ratio';
  use: Observation['use'];
  /** The time by the calibration with all rows. */
  fitted?: number;
  /** The time by the fit without the rows of this operation. */
  withoutOperation?: number;
  regime?: 'cached' | 'out of cache';
  assumed: string;
  reason?: string;
}>;

export type Spread = Readonly<{ regime: string; rows: number; median: number; worst: number }>;

export type Device = Readonly<{
  name: string;
  figures: number;
  free: readonly Readonly<{
    path: string;
    value: number;
    low: number;
    high: number;
    /** The bound of what a fit may choose, where the fit ends there. */
    bound?: number;
    meaning: string;
    fixedBy: readonly string[];
  }>[];
  /** Every other figure with a stated range, and its range in the accepted sets. */
  open: readonly Readonly<{ path: string; low: number; high: number; stated: readonly [number, number] }>[];
  sets: number;
}>;

export type Report = Readonly<{
  schemaVersion: 1;
  rows: readonly Row[];
  devices: readonly Device[];
  /** Errors |ratio − 1| of the cross-validated rows. */
  spreads: readonly Spread[];
  crossings: readonly Crossing[];
  contradictions: readonly string[];
}>;

const LEVEL_2 = 1048576;

export function fidelityReport(): Report {
  const all = observations();
  const predictions = crossValidate(all);
  const rows = all.map((observation) => rowOf(observation, predictions.get(observation)));
  return {
    schemaVersion: 1,
    rows,
    devices: listTargets()
      .filter((name) => !name.endsWith('-beyond'))
      .flatMap(deviceOf),
    spreads: spreadsOf(rows),
    crossings: crossings(),
    contradictions: [
      'At 1,048,576 elements of gelu one paper gains 3.91 from multi-threading (2602.20204), the other 3.40 (2602.19762); the first is fitted.',
      'A gain of 3.95 at 524,288 elements with a fork and join that explains 2.28 at 32,768 and 3.91 at 1,048,576 is out of reach: these give 3.8.',
      'The source of the TVM rows stores 16-bit sums for vadd (vaddubh, 512 bytes an operation), the list says 384: vadd takes exactly as long as vmpy, which moves 512.',
    ],
  };
}

function rowOf(
  observation: Observation,
  prediction: Readonly<{ withoutSize: number; withoutOperation: number }> | undefined,
): Row {
  const { id, mode, device, published, unit, use, assumed, bytes } = observation;
  const head = { id, ...(mode && { mode }), device, published, unit, use, assumed };
  if (observation.isGated?.(loadTarget(device)))
    return { ...head, simulated: null, ratio: null, reason: GATED };
  try {
    const fitted = observation.simulate(loadTarget(device));
    const simulated = prediction?.withoutSize ?? fitted;
    const ratio = typeof published === 'number' ? simulated / published : null;
    if (prediction === undefined) return { ...head, simulated, ratio };
    const regime = bytes <= LEVEL_2 ? 'cached' : 'out of cache';
    return { ...head, simulated, ratio, fitted, withoutOperation: prediction.withoutOperation, regime };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ...head, simulated: null, ratio: null, reason };
  }
}

function spreadsOf(rows: readonly Row[]): Spread[] {
  const checked = rows.filter(({ use }) => use === 'cross-validation');
  const parts = new Set(checked.map(({ mode, regime }) => `${mode}, ${regime}`));
  return [...parts].flatMap((part) => {
    const own = checked.filter(({ mode, regime }) => `${mode}, ${regime}` === part);
    const bySize = own.map(({ ratio }) => Math.abs((ratio ?? 0) - 1));
    const byOperation = own.map(({ withoutOperation, published }) =>
      Math.abs((withoutOperation ?? 0) / Number(published) - 1),
    );
    return [spread(`${part}, sizes left out`, bySize), spread(`${part}, operations left out`, byOperation)];
  });
}

function spread(regime: string, errors: readonly number[]): Spread {
  const sorted = errors.toSorted((a, b) => a - b);
  const middle =
    (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
  return { regime, rows: sorted.length, median: middle, worst: sorted[sorted.length - 1] };
}

function deviceOf(name: string): Device[] {
  const target = loadTarget(name);
  const calibration = calibrationOf(target);
  if (calibration === undefined) return [];
  const { figures, free, sets } = calibration;
  const reached = (path: string) => {
    const values = sets.map((set) => set[path]).filter((value) => value !== undefined);
    return { low: Math.min(...values), high: Math.max(...values) };
  };
  const fitted = new Set(free.map(({ path }) => path));
  const open = [...originsOf(target)].flatMap(([path, { range }]) =>
    range === undefined || fitted.has(path) ? [] : [{ path, ...reached(path), stated: range }],
  );
  return [
    {
      name,
      figures,
      free: free.map(({ path, low, high, meaning, fixedBy }) => {
        const value = sets[0][path];
        const bound = boundOf({ low, high }, value);
        return { path, value, ...reached(path), ...(bound !== undefined && { bound }), meaning, fixedBy };
      }),
      open,
      sets: sets.length,
    },
  ];
}
