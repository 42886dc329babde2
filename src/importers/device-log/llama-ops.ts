/** An operation of llama.cpp's Hexagon backend as a kernel of ours. */
export type LlamaKernel = Readonly<{ kernel: string; shape: string; dtype: string }>;

/** Dimensions and types of an operation, as the log has them: innermost first. */
export type LlamaOperands = Readonly<{
  inputs: readonly (readonly number[])[];
  output: readonly number[];
  types: readonly string[];
}>;

/** Operations on one input of any shape. ggml's GELU is the one with tanh. */
const ELEMENTWISE: Readonly<Record<string, string>> = {
  GELU: 'gelu-tanh',
  GELU_ERF: 'gelu',
  SILU: 'silu',
  SIGMOID: 'sigmoid',
  RELU: 'relu',
  TANH: 'tanh',
  EXP: 'exp',
};

/** The kernel that an operation is; a reason where it is none of ours. */
export function llamaKernel(op: string, operands: LlamaOperands): LlamaKernel | Readonly<{ reason: string }> {
  const { inputs, output, types } = operands;
  const [dtype, ...others] = new Set(types);
  if (others.length > 0 || (dtype !== 'f32' && dtype !== 'f16'))
    return { reason: `its types are ${types.join(', ')}: a kernel has f32 or f16 throughout` };
  const rows = rowsOf(output);
  const isLike = (input: readonly number[]): boolean => rowsOf(input) === rows;
  if (op === 'ADD' && inputs.length === 2 && inputs.every(isLike))
    return { kernel: 'vector-add', shape: rows, dtype };
  if (op === 'SWIGLU' && inputs.length === 2 && inputs.every(isLike))
    return { kernel: 'silu-mul', shape: rows, dtype };
  if (op === 'SOFT_MAX' && inputs.length === 1) return { kernel: 'softmax', shape: rows, dtype };
  if (op === 'RMS_NORM+MUL' && inputs.length === 2 && isLike(inputs[0]))
    return { kernel: 'rms-norm', shape: rows, dtype };
  if (op === 'MUL_MAT' && inputs.length === 2) return productOf(inputs, output, dtype);
  if (Object.hasOwn(ELEMENTWISE, op) && inputs.length === 1)
    return { kernel: ELEMENTWISE[op], shape: rows, dtype };
  return {
    reason: `${op} of ${inputs.length} ${inputs.length === 1 ? 'operand' : 'operands'} like these is no kernel of the library`,
  };
}

/** K:N x K:M -> N:M, one matrix each. */
function productOf(
  [weights, activations]: readonly (readonly number[])[],
  output: readonly number[],
  dtype: string,
): ReturnType<typeof llamaKernel> {
  const isMatrix = [weights, activations, output].every((dims) =>
    dims.slice(2).every((extent) => extent === 1),
  );
  if (!isMatrix || weights[0] !== activations[0])
    return { reason: 'its matrices are several, or do not fit' };
  return { kernel: 'matmul', shape: [output[1] ?? 1, output[0], weights[0]].join('x'), dtype };
}

/** "RxC": the innermost dimension, and all others as one. */
function rowsOf([innermost, ...others]: readonly number[]): string {
  return `${others.reduce((product, extent) => product * extent, 1)}x${innermost}`;
}
