import { InputError } from '../../../search-space/input-error.ts';
import type { DType, Kernel } from '../ir.ts';
import { formatShape } from '../shape.ts';

/** A kernel of the library: a family over shapes and dtypes. */
export type LibraryKernel = Readonly<{
  name: string;
  /** One line that says what it computes. */
  summary: string;
  /** Dtypes it comes in; the first is the default. */
  dtypes: readonly DType[];
  defaultShape: readonly number[];
  /** What the extents of its shape mean: 'MxNxK'. */
  shapeWords: string;
  /** The kernel at a shape; throws InputError for a shape or dtype that it cannot have. */
  build: (shape: readonly number[], dtype: DType) => Kernel;
}>;

type LibraryEntry = Omit<LibraryKernel, 'build'> &
  Readonly<{
    /** How many extents a shape may have. */
    ranks: readonly number[];
    /** What is wrong with a shape of a permitted rank, or undefined. */
    objection?: (shape: readonly number[]) => string | undefined;
    make: (shape: readonly number[], dtype: DType) => Kernel;
  }>;

/** A library kernel whose `build` checks shape and dtype first. Throws InputError for those that it cannot have. */
export function libraryEntry({ ranks, objection, make, ...described }: LibraryEntry): LibraryKernel {
  const { name, dtypes, shapeWords, defaultShape } = described;
  return Object.freeze({
    ...described,
    build(shape: readonly number[], dtype: DType): Kernel {
      if (!dtypes.includes(dtype)) {
        throw new InputError('dtype', `${name} has no ${dtype} variant`, `one of: ${dtypes.join(', ')}`);
      }
      const whole = shape.every((extent) => Number.isSafeInteger(extent) && extent > 0);
      const problem = ranks.includes(shape.length) && whole ? objection?.(shape) : `it takes ${shapeWords}`;
      if (problem !== undefined) {
        const hint = `for example ${formatShape(defaultShape)}`;
        throw new InputError(
          'shape',
          `${name} cannot have the shape ${formatShape(shape)}: ${problem}`,
          hint,
        );
      }
      return make(shape, dtype);
    },
  });
}
