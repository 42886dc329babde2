import { expect } from 'vitest';
import { randomFor } from '../../search-space/random.ts';
import { type ImportOptions, importTtir, type TtirImport } from '../../src/importers/ttir/import-ttir.ts';
import { kernelFunction, parseModule } from '../../src/importers/ttir/syntax/parse.ts';
import type { Kernel } from '../../src/kernels/ir.ts';
import { evaluateKernel } from '../../src/kernels/reference.ts';
import { interpret, type Memory } from './interpreter.ts';

/** The launch grid: the number of programs along x, y and z. */
export type Grid = readonly number[];

/** Imports a text and expects the kernel to agree with the interpreted text on random data. */
export function expectAgreement(text: string, grid: Grid, options: ImportOptions = {}): TtirImport {
  const imported = importTtir(text, options);
  const before = randomMemory(imported.kernel);
  const after: Memory = new Map([...before].map(([name, data]) => [name, data.slice()]));
  const main = kernelFunction(parseModule(text, 'test.ttir'));
  interpret(main, after, { ...options.numels }, grid);
  const computed = evaluateKernel(imported.kernel, Object.fromEntries(before));
  for (const [name, values] of Object.entries(computed)) expectNear(name, values, after.get(name)!);
  return imported;
}

/** The contents of all operands; outputs are filled with a value that a store must overwrite. */
function randomMemory(kernel: Kernel): Memory {
  const random = randomFor('agreement', kernel.name);
  return new Map(
    kernel.operands.map(({ name, role, dtype, elements }) => {
      const whole = dtype === 'bool' ? 2 : dtype.startsWith('i') ? 100 : 0;
      const draw = (): number => (whole > 0 ? Math.floor(random() * whole) : 4 * random() - 2);
      return [name, Float64Array.from({ length: elements }, () => (role === 'output' ? 0 : draw()))];
    }),
  );
}

function expectNear(name: string, values: Float64Array, expected: Float64Array): void {
  for (const [i, value] of values.entries()) {
    const wanted = expected[i]!;
    const near = Object.is(value, wanted) || Math.abs(value - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));
    if (!near) expect.fail(`${name}[${i}]: the kernel gives ${value}, the program ${wanted}`);
  }
}
