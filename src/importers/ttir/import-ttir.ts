import type { Kernel } from '../../kernels/ir.ts';
import { formatShape } from '../../kernels/shape.ts';
import { executeProgram } from './execute/program.ts';
import { emitKernel, type Recovered } from './recover/emit.ts';
import type { ExtentsFrom } from './recover/extents.ts';
import { recover } from './recover/recover.ts';
import { askedNumels, askedShape, checkNumels } from './recover/rescale.ts';
import { kernelFunction, parseModule } from './syntax/parse.ts';

export type ImportOptions = Readonly<{
  /** For messages. */
  file?: string;
  name?: string;
  shape?: readonly number[];
  /** Extents by Inductor's names (xnumel, r0_numel), and values of other integer arguments. */
  numels?: Readonly<Record<string, number>>;
}>;

export type ImportedKernel = Readonly<{ kernel: Kernel; extentsFrom: ExtentsFrom; notes: readonly string[] }>;

/**
 * The kernel that a Triton IR text computes. Throws `InputError` with file, line and column for what
 * it cannot take, and for a shape that the program cannot have.
 */
export function importTtir(text: string, options: ImportOptions = {}): ImportedKernel {
  const file = options.file ?? 'kernel.ttir';
  const numels = options.numels ?? {};
  const module = parseModule(text, file);
  const main = kernelFunction(module);
  const program = executeProgram(module, main, new Map(Object.entries(numels)));
  const about = {
    file,
    name: options.name ?? main.name,
    arguments: main.arguments.map(({ name }) => name.slice(1)),
  };
  const asked = askedNumels(numels);
  const stated = recover(program, about, new Map());
  checkNumels(stated.recovered, asked, numels);
  const { recovered, from } = asked.size === 0 ? stated : recover(program, about, asked);
  if (options.shape === undefined) {
    const extentsFrom = asked.size === 0 ? from : 'wrapper';
    return { kernel: emitKernel(recovered), extentsFrom, notes: notesFor(extentsFrom, recovered) };
  }
  const scaled = recover(program, about, new Map([...asked, ...askedShape(recovered, options.shape)]));
  const kernel = emitKernel({ ...scaled.recovered, shape: options.shape });
  return { kernel, extentsFrom: 'shape', notes: [] };
}

function notesFor(from: ExtentsFrom, { shape }: Recovered): readonly string[] {
  if (from !== 'default') return [];
  return [
    `the program does not say how large its grid is; ${formatShape(shape)} is assumed, --shape says otherwise`,
  ];
}
