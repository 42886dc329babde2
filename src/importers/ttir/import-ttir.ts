import type { Kernel } from '../../kernels/ir.ts';
import { executeProgram } from './execute/program.ts';
import { emitKernel } from './recover/emit.ts';
import type { ExtentsFrom } from './recover/extents.ts';
import { recover } from './recover/recover.ts';
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

/** The kernel that a Triton IR text computes. Throws `InputError` with file, line and column. */
export function importTtir(text: string, options: ImportOptions = {}): ImportedKernel {
  const file = options.file ?? 'kernel.ttir';
  const module = parseModule(text, file);
  const main = kernelFunction(module);
  const scalars = new Map(Object.entries(options.numels ?? {}));
  const program = executeProgram(module, main, scalars);
  const about = {
    file,
    name: options.name ?? main.name,
    arguments: main.arguments.map(({ name }) => name.slice(1)),
  };
  const { recovered, from } = recover(program, about, new Map());
  return { kernel: emitKernel(recovered), extentsFrom: from, notes: [] };
}
