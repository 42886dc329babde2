import { InputError } from '../../../search-space/input-error.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { findLibraryKernel, isLibraryKernel } from '../../kernels/library.ts';
import { totalPoints } from '../../kernels/lookup.ts';
import { generalKernel } from '../../lowering/general/general-kernel.ts';
import { type GeneralC, generateGeneralC } from '../../targets/native/generator/general.ts';
import type { NativeSchedule } from '../../targets/native/generator/schedule.ts';
import { NATIVE_POLICY } from '../../targets/native/policy.ts';

type TunedCode = Readonly<{ kernel: Kernel; schedule: NativeSchedule }>;

/** A kernel's code for extents that were not tuned. */
export type GeneralSource = Readonly<{
  /** The kernel at a shape; throws InputError for one that it cannot have. */
  build: (shape: readonly number[]) => Kernel;
  /** It has the registers and flags of this tuned shape. */
  like: TunedCode;
  generated: GeneralC;
}>;

/**
 * The general code of a kernel of the library, with the registers of its largest tuned shape. Of an imported kernel
 * only single shapes are known, not how others follow from them.
 */
export function generalSource(variants: readonly TunedCode[]): GeneralSource | undefined {
  if (!variants.every(({ kernel }) => isLibraryKernel(kernel))) return undefined;
  const [like] = variants.toSorted((a, b) => totalPoints(b.kernel) - totalPoints(a.kernel));
  const { name, dtype, shape } = like.kernel;
  const { build } = findLibraryKernel(name);
  const ofShape = (extents: readonly number[]) => build(extents, dtype);
  const general = generalKernel(ofShape, shape.length, NATIVE_POLICY);
  if (general === undefined) return undefined;
  return { build: ofShape, like, generated: generateGeneralC(general, like.schedule) };
}

/** Odd, all ones, and one longer than the longest block of registers. */
const SHAPES: readonly (readonly (readonly number[])[])[] = [
  [],
  [[1], [7], [1003]],
  [
    [1, 1],
    [5, 67],
    [3, 519],
  ],
  [
    [1, 1, 1],
    [3, 67, 5],
    [5, 7, 133],
  ],
  [
    [1, 1, 1, 1],
    [2, 3, 37, 9],
    [1, 2, 5, 69],
  ],
];

/** The kernel at shapes for which the general code is tested: not tuned ones. */
export function generalTests(
  { build }: GeneralSource,
  rank: number,
  tuned: readonly TunedCode[],
): readonly Kernel[] {
  return SHAPES[rank]
    .flatMap(
      (shape) =>
        builtAt(build, shape) ??
        builtAt(
          build,
          shape.map((extent) => 2 * extent),
        ) ??
        [],
    )
    .filter(({ shape }) => tuned.every(({ kernel }) => kernel.shape.join() !== shape.join()));
}

/** Undefined for a shape that the kernel cannot have: some extents must be even. */
function builtAt(build: GeneralSource['build'], shape: readonly number[]): Kernel | undefined {
  try {
    return build(shape);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
