import type { Kernel } from '../../kernels/ir.ts';
import { formatShape } from '../../kernels/shape.ts';
import { executeProgram } from './execute/program.ts';
import { emitKernel, type Recovered } from './recover/emit.ts';
import type { ExtentsFrom } from './recover/extents.ts';
import { type About, recover } from './recover/recover.ts';
import { askedNumels, askedShape, checkNumels } from './recover/rescale.ts';
import { contiguousStrides, strideMark } from './recover/strides.ts';
import { openScalars } from './scalars.ts';
import type { FunctionDefinition, Module } from './syntax/ast.ts';
import { kernelFunction, parseModule } from './syntax/parse.ts';

export type ImportOptions = Readonly<{
  /** For messages. */
  file?: string;
  name?: string;
  shape?: readonly number[];
  /** Extents by Inductor's names (xnumel, r0_numel), and values of other integer arguments. */
  numels?: Readonly<Record<string, number>>;
  /** Programs along x, y and z: what they cover bounds an extent that nothing else does. */
  grid?: readonly number[];
}>;

export type TtirImport = Readonly<{ kernel: Kernel; extentsFrom: ExtentsFrom; notes: readonly string[] }>;

/**
 * The kernel that a Triton IR text computes. Throws `InputError` with file, line and column for what
 * it cannot take, and for a shape that the program cannot have.
 */
export function importTtir(text: string, options: ImportOptions = {}): TtirImport {
  const file = options.file ?? 'kernel.ttir';
  const numels = options.numels ?? {};
  const module = parseModule(text, file);
  const main = kernelFunction(module);
  const about: About = {
    file,
    name: options.name ?? main.name,
    arguments: main.arguments.map(({ name }) => name.slice(1)),
  };
  const { scalars, assumed } = scalarsOf(module, main, about, options);
  const program = executeProgram(module, main, scalars);
  const asked = askedNumels(numels);
  const { grid } = options;
  const stated = recover(program, about, new Map(), grid);
  checkNumels(stated.recovered, asked, numels);
  const { recovered, from } = asked.size === 0 ? stated : recover(program, about, asked, grid);
  if (options.shape === undefined || shapeIsScalars(main, options)) {
    const extentsFrom = asked.size === 0 ? from : 'wrapper';
    return {
      kernel: emitKernel(recovered),
      extentsFrom,
      notes: [...assumed, ...notesFor(extentsFrom, recovered), ...program.notes],
    };
  }
  const scaled = recover(program, about, new Map([...asked, ...askedShape(recovered, options.shape)]));
  const kernel = emitKernel({ ...scaled.recovered, shape: options.shape });
  return { kernel, extentsFrom: 'shape', notes: [...program.notes] };
}

/** Values of the integer arguments: given, from the shape, or assumed; then the strides of contiguous arrays. */
function scalarsOf(
  module: Module,
  main: FunctionDefinition,
  about: About,
  { numels = {}, shape }: ImportOptions,
): Readonly<{ scalars: ReadonlyMap<string, number>; assumed: readonly string[] }> {
  const scalars = new Map(Object.entries(numels));
  const { extents, strides } = openScalars(main, new Set(scalars.keys()));
  const given = shape?.length === extents.length ? shape : undefined;
  for (const [n, { name, assumed }] of extents.entries()) scalars.set(name, given?.[n] ?? assumed);
  const notes =
    given !== undefined ? [] : extents.map(({ name }) => `${name} = ${scalars.get(name)} is assumed`);
  if (strides.length === 0) return { scalars, assumed: notes };
  const marked = new Map([...scalars, ...strides.map((name, n) => [name, strideMark(n)] as const)]);
  const { recovered } = recover(executeProgram(module, main, marked), about, new Map());
  const found = contiguousStrides(recovered, strides);
  for (const name of strides) scalars.set(name, found.get(name) ?? 1);
  const contiguous = strides.map((name) => `${name} = ${scalars.get(name)} is assumed (contiguous)`);
  return { scalars, assumed: [...notes, ...contiguous] };
}

/** Whether the shape names the values of the program's own extents, one each. */
function shapeIsScalars(main: FunctionDefinition, { numels = {}, shape }: ImportOptions): boolean {
  const { extents } = openScalars(main, new Set(Object.keys(numels)));
  return extents.length > 0 && shape?.length === extents.length;
}

function notesFor(from: ExtentsFrom, { shape }: Recovered): readonly string[] {
  if (from !== 'default') return [];
  return [
    `the program does not say how large its grid is; ${formatShape(shape)} is assumed, --shape says otherwise`,
  ];
}
