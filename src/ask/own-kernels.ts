import { InputError } from '../../search-space/input-error.ts';
import type { CatalogStore } from '../../store/catalog-store.ts';
import { partsOfTitle, TITLE_DIGITS, titleOfOther } from '../../store/kernel-title.ts';
import type { ImportedKernel, KernelRecord } from '../../store/records.ts';

/** A kernel of the user's, with the Triton IR of which other shapes are made. */
export type OwnKernel = Pick<ImportedKernel, 'kernel' | 'ttir'>;

/**
 * The user's own kernels, read only when a name is not in the library; `shape` tells apart what has been tuned under one
 * name. Of one name, the first is meant.
 */
export type Imports = (name: string, shape: string | undefined) => Promise<readonly OwnKernel[]>;

export const noImports: Imports = async () => [];

/** Imports as a store has them: imported kernels, and what was tuned under a name without having been imported. */
export function importsIn(store: Pick<CatalogStore, 'importedKernels' | 'kernels'>): Imports {
  return async (name, shape) => withTuned(name, shape, await store.importedKernels(), store);
}

/** Adds the kernel with IR that was tuned under a name or title, unless one of `own` is called so. Throws InputError for several, and for several shapes of which none is asked for. */
export async function withTuned(
  name: string,
  shape: string | undefined,
  own: readonly OwnKernel[],
  store: Pick<CatalogStore, 'kernels'>,
): Promise<readonly OwnKernel[]> {
  if (own.some(({ kernel }) => isCalled(kernel, name))) return own;
  const found = (await store.kernels({ name })).filter(
    ({ ir, source }) => ir !== null && source !== 'library',
  );
  const meant = meantKernels(name, found);
  const ofShape = shape === undefined ? meant : meant.filter((kernel) => kernel.shape === shape);
  const chosen = ofShape.length > 0 ? ofShape : meant;
  if (chosen.length > 1) throw severalShapes(name, chosen);
  const { called } = partsOfTitle(name);
  return [...own, ...chosen.map((kernel) => ({ kernel: { ...kernel, name: called }, ttir: null }))];
}

type Named = Pick<KernelRecord, 'hash' | 'source' | 'shape' | 'dtype'>;

/**
 * Those of the kernels with a name or title that a word means: the library's where there is one, else all. Different ones of
 * one shape and dtype are several kernels, and so are those of shapes of other ranks; others are one at several shapes. Throws InputError where it means several.
 */
export function meantKernels<Kernel extends Named>(
  word: string,
  found: readonly Kernel[],
): readonly Kernel[] {
  const ofLibrary = found.filter(({ source }) => source === 'library');
  const meant = ofLibrary.length > 0 ? ofLibrary : found;
  const alike = meant.filter((one) => meant.some((other) => areSeveral(one, other)));
  if (alike.length > 0)
    throw severalMeant(word, [...new Map(alike.map((each) => [each.hash, each])).values()]);
  return meant;
}

function areSeveral(one: Named, other: Named): boolean {
  if (one.hash === other.hash || one.dtype !== other.dtype) return false;
  const areOwn = [one, other].every(({ source }) => source !== 'library' && source !== 'opaque');
  return one.shape === other.shape || (areOwn && rankOf(one) !== rankOf(other));
}

function rankOf({ shape }: Named): number {
  return shape.split('x').length;
}

function severalMeant(word: string, meant: readonly Named[]): InputError {
  const { called } = partsOfTitle(word);
  const listed = meant.map(({ hash, source, shape, dtype }) => {
    let digits = TITLE_DIGITS;
    while (meant.some((other) => other.hash !== hash && other.hash.startsWith(hash.slice(0, digits))))
      digits++;
    return `'${titleOfOther(called, source, hash.slice(0, digits))}' ${shape} ${dtype}`;
  });
  return new InputError('kernel', `'${word}' means ${meant.length} kernels`, `one of: ${listed.join(', ')}`);
}

function severalShapes(name: string, kernels: readonly KernelRecord[]): InputError {
  const each = kernels.map(({ shape, dtype }) => `${shape} ${dtype}`);
  return new InputError(
    'shape',
    `'${name}' was tuned at several, or is the name of several kernels: say which`,
    `one of: ${each.join(', ')}`,
  );
}

/** Whether a word is a kernel's name, or its title: "gelu (imported a1b2)". */
export function isCalled({ name, hash }: Pick<KernelRecord, 'name' | 'hash'>, word: string): boolean {
  if (name === word) return true;
  const { called, digits } = partsOfTitle(word);
  return digits !== '' && called === name && hash.startsWith(digits);
}
