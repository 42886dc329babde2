import { normal, type Random, randomFor } from '../../search-space/random.ts';
import { isInteger, RANGE } from './arithmetic.ts';
import type { DType, Expression, Kernel } from './ir.ts';
import { BINARY_OPS } from './ops/binary.ts';
import { UNARY_OPS } from './ops/unary.ts';
import { roundTo } from './round.ts';
import { children, stageExpressions } from './walk.ts';

/** The least magnitude of a float: arithmetic on denormals is a hundred times slower on real machines. */
const LEAST = 1e-3;

/**
 * Data for every input and inout operand, the same for the same seed. Floats are standard normal,
 * or positive where the kernel takes a logarithm, a root or a power of what it loads; bytes have
 * their whole range, wider integers −1000 … 1000, unless
 * they are to have their whole range, too. Values are exact in their operand's dtype.
 */
export function randomInputs(
  kernel: Kernel,
  seed: number,
  integers: IntegerRange = 'small',
): Record<string, Float64Array> {
  const positive = needsPositive(kernel);
  const read = kernel.operands.filter((operand) => operand.role !== 'output');
  return Object.fromEntries(
    read.map(({ name, dtype, elements }) => {
      const random = randomFor(seed, 'inputs', name);
      const draw = isInteger(dtype) ? integersOf(random, dtype, integers) : floats(random, dtype, positive);
      return [name, Float64Array.from({ length: elements }, draw)];
    }),
  );
}

function floats(random: Random, dtype: DType, positive: boolean): () => number {
  return () => {
    const value = normal(random);
    const size = Math.max(LEAST, Math.abs(value));
    return roundTo(dtype, positive || value > 0 ? size : -size);
  };
}

/** Whether wider integers than bytes have their whole range, where products wrap. */
export type IntegerRange = 'small' | 'whole';

function integersOf(random: Random, dtype: keyof typeof RANGE, range: IntegerRange): () => number {
  const [least, greatest] = RANGE[dtype];
  const low = range === 'small' ? Math.max(least, -1000) : least;
  const high = range === 'small' ? Math.min(greatest, 1000) : greatest;
  return () => low + Math.floor(random() * (high - low + 1));
}

/** Whether a function that needs a positive argument takes a loaded value that did not go through a reduction. */
function needsPositive(kernel: Kernel): boolean {
  const loaded = new Set<string>();
  const loads = (expression: Expression): boolean =>
    expression.kind === 'load' ||
    (expression.kind === 'value' && loaded.has(expression.name)) ||
    children(expression).some(loads);
  const risky = (expression: Expression): boolean =>
    (isForPositive(expression) && loads(expression)) || children(expression).some(risky);
  return kernel.stages.some((stage) => {
    if (stage.kind === 'map' && loads(stage.value)) loaded.add(stage.name);
    return stageExpressions(stage).some(risky);
  });
}

function isForPositive(expression: Expression): boolean {
  if (expression.kind === 'unary') return UNARY_OPS[expression.op].isForPositive === true;
  return expression.kind === 'binary' && BINARY_OPS[expression.op].isForPositive === true;
}
