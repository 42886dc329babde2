import { InputError } from '../../search-space/input-error.ts';
import type { TunedKernel } from './_base.ts';

/** 'gelu-tanh' → 'GELU_TANH': a name for macros, variables and functions. */
export function macroName(text: string): string {
  return text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .toUpperCase();
}

/** A part of a file's name; no path of anybody's making. */
export function fileWord(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_.]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, '');
}

/** NIGHTSHIFT_GELU_F32; an opaque kernel's dtype may be unknown, and is then left out. */
export function kernelMacro({ name, dtype }: Readonly<{ name: string; dtype: string }>): string {
  return ['NIGHTSHIFT', macroName(name), macroName(dtype)].filter((part) => part !== '').join('_');
}

/** NIGHTSHIFT_GELU_F32_64X16384 */
export function shapeMacro(kernel: Readonly<{ name: string; dtype: string }>, shape: string): string {
  return `${kernelMacro(kernel)}_${shape === '' ? 'NO_SHAPE' : macroName(shape)}`;
}

/** Throws InputError where two kernels have the same name for a build. */
export function checkNames(kernels: readonly TunedKernel[]): void {
  const owners = new Map<string, string>();
  for (const { name, dtype } of kernels) {
    const macro = kernelMacro({ name, dtype });
    const other = owners.get(macro);
    if (other !== undefined) {
      throw new InputError(
        'export',
        `kernels '${other}' and '${name}' would both be ${macro}`,
        'export them one by one with --kernel, to folders of their own',
      );
    }
    owners.set(macro, name);
  }
}
