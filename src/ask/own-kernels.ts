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

/** Adds the kernel with IR that was tuned under a name or title, unless one of `own` is called so. Throws InputError for several. */
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
  const ofShape = found.filter((kernel) => kernel.shape === shape);
  const meant = ofShape.length > 0 ? ofShape : found;
  const { called } = partsOfTitle(name);
  if (meant.length > 1) throw severalMeant(name, called, meant);
  return [...own, ...meant.map((kernel) => ({ kernel: { ...kernel, name: called }, ttir: null }))];
}

/** Whether a word is a kernel's name, or its title: "gelu (imported a1b2)". */
export function isCalled({ name, hash }: Pick<KernelRecord, 'name' | 'hash'>, word: string): boolean {
  if (name === word) return true;
  const { called, digits } = partsOfTitle(word);
  return digits !== '' && called === name && hash.startsWith(digits);
}

function severalMeant(name: string, called: string, meant: readonly KernelRecord[]): InputError {
  const listed = meant.map(({ hash, source, shape, dtype }) => {
    let digits = TITLE_DIGITS;
    while (meant.some((other) => other.hash !== hash && other.hash.startsWith(hash.slice(0, digits))))
      digits++;
    return `'${titleOfOther(called, source, hash.slice(0, digits))}' ${shape} ${dtype}`;
  });
  return new InputError('kernel', `'${name}' means ${meant.length} kernels`, `one of: ${listed.join(', ')}`);
}
