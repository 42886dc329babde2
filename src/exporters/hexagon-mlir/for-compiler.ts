import type { Fallback, TunedKernel, TunedShape, TunedTarget } from '../_base.ts';
import { shapeLabel } from '../names.ts';

/** The compiler's name in target files, without its commit. */
const COMPILER = 'qualcomm/hexagon-mlir';

/** The kernels that were tuned for the compiler, and a sentence for each shape that was not. */
export type ForCompiler = Readonly<{ kernels: readonly TunedKernel[]; leftOut: readonly string[] }>;

/**
 * What of a target is for hexagon-mlir: all of it if that is the target's own `compiler`. Otherwise only studies
 * that were restricted to its options count, even if another study has found something faster.
 */
export function forCompiler(tuned: TunedTarget, compiler: string | undefined): ForCompiler {
  if (compiler?.startsWith(COMPILER) === true) return { kernels: tuned.kernels, leftOut: [] };
  const kernels: TunedKernel[] = [];
  const leftOut: string[] = [];
  for (const kernel of tuned.kernels) {
    const shapes = kernel.shapes.flatMap((shape) => restricted(shape, tuned) ?? []);
    if (shapes.length > 0) kernels.push({ ...kernel, shapes, fallback: fallbackOf(shapes, kernel) });
    const found = new Set(shapes.map((shape) => shape.kernel.hash));
    for (const { kernel: record } of kernel.shapes)
      if (!found.has(record.hash))
        leftOut.push(
          `${shapeLabel({ ...kernel, shape: record.shape })} was not tuned with --expressible hexagon-mlir`,
        );
  }
  return { kernels, leftOut };
}

/** The best of the shape's studies that were restricted to the compiler's options. */
function restricted(shape: TunedShape, { studies }: TunedTarget): TunedShape | undefined {
  const [found] = studies
    .flatMap(({ kernel, target, study, best }) => {
      const isOfShape = kernel.hash === shape.kernel.hash && target.fingerprint === shape.target.fingerprint;
      const isRestricted = study.spec?.expressible === 'hexagon-mlir';
      return isOfShape && isRestricted && best !== undefined ? [{ best, study }] : [];
    })
    .sort((a, b) => a.best.timeUs - b.best.timeUs);
  return found && { ...shape, ...found, interval: null };
}

/** The best of the only shape; of several, the choice over all that was timed, whose nearest options are used. */
function fallbackOf([{ best, kernel }, ...others]: readonly TunedShape[], whole: TunedKernel): Fallback {
  if (others.length > 0) return whole.fallback;
  const { configuration, timeUs } = best;
  const regrets = [{ shape: kernel.shape, timeUs, regret: 1 }];
  return { kind: 'robust', choice: { configuration, worst: 1, regrets, considered: 1 } };
}
