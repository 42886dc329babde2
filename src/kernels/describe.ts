import { arithmeticOps, bytesMoved } from './features.ts';
import { type Footprint, footprints } from './footprint.ts';
import { kernelHash } from './hash.ts';
import type { DType, Kernel } from './ir.ts';
import { opMix } from './op-counts.ts';
import type { OpClass } from './ops/op-classes.ts';
import { printStage } from './print-stage.ts';
import { formatShape } from './shape.ts';

/** A kernel described for people, as data: what `nightshift kernel` prints. */
export type KernelDescription = Readonly<{
  name: string;
  hash: string;
  shape: readonly number[];
  dtype: DType;
  /** The IR as lines of text: dimensions, operands, stages. */
  listing: readonly string[];
  /** Operations of a whole call by class, without classes that do not occur. */
  opMix: Readonly<Partial<Record<OpClass, number>>>;
  footprints: readonly Footprint[];
  arithmeticOps: number;
  bytesMoved: number;
  /** Arithmetic operations per byte. */
  intensity: number;
}>;

export function describeKernel(kernel: Kernel): KernelDescription {
  const { name, shape, dtype } = kernel;
  const mix: Partial<Record<OpClass, number>> = Object.fromEntries(
    Object.entries(opMix(kernel)).filter(([, count]) => count > 0),
  );
  const [operations, bytes] = [arithmeticOps(kernel), bytesMoved(kernel)];
  return Object.freeze({
    name,
    hash: kernelHash(kernel),
    shape,
    dtype,
    listing: listing(kernel),
    opMix: mix,
    footprints: footprints(kernel),
    arithmeticOps: operations,
    bytesMoved: bytes,
    intensity: operations / bytes,
  });
}

/** The IR as lines of text for people. Nothing parses it. */
export function listing(kernel: Kernel): readonly string[] {
  const dimensions = kernel.dimensions.map(({ name, extent, kind }) => [name, `${extent}`, kind]);
  const operands = kernel.operands.map(({ name, dtype, elements, role }) => [
    name,
    `${dtype}[${elements}]`,
    role,
  ]);
  return [
    `kernel ${kernel.name} ${formatShape(kernel.shape)} ${kernel.dtype}`,
    ...indented('dimensions', columns(dimensions)),
    ...indented('operands', columns(operands)),
    ...indented('stages', kernel.stages.flatMap(printStage)),
  ];
}

function indented(title: string, lines: readonly string[]): readonly string[] {
  return [title, ...lines.map((line) => `  ${line}`)];
}

/** Rows as lines, each cell padded to the widest of its column. */
function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
}
