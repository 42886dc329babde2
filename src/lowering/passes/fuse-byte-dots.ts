import { BYTES, type Expression, type IndexMap, type Kernel, type Stage } from '../../kernels/ir.ts';
import { dimensionExtent } from '../../kernels/lookup.ts';
import type { LoweredKernel } from '../lowered-kernel.ts';
import type { LoweringPolicy } from '../policy.ts';

const BYTES_A_DOT = 4;
type Contract = Extract<Stage, { kind: 'contract' }>;
type Load = Extract<Expression, { kind: 'load' }>;

/**
 * Turns a contraction of bytes along a contiguous loop into one over 32-bit words, a quarter as long: vector
 * units multiply four neighbouring bytes and add the products in one instruction.
 */
export function fuseByteDots(lowered: LoweredKernel, { fusesByteDots }: LoweringPolicy): LoweredKernel {
  const { kernel } = lowered;
  const found = kernel.stages.find(
    (stage): stage is Contract => stage.kind === 'contract' && fusible(stage, kernel),
  );
  return fusesByteDots && found !== undefined ? { ...lowered, kernel: inWordsAlong(kernel, found) } : lowered;
}

function inWordsAlong(kernel: Kernel, found: Contract): Kernel {
  const loads = [found.left, found.right].filter((side) => side.kind === 'load');
  const words = (load: Load): Load => ({ ...load, dtype: 'i32', at: quarter(load.at, found.over[0]) });
  const fused: Contract = { ...found, left: words(loads[0]), right: words(loads[1]) };
  return {
    ...kernel,
    dimensions: kernel.dimensions.map((dim) =>
      dim.name === found.over[0] ? { ...dim, extent: dim.extent / BYTES_A_DOT } : dim,
    ),
    operands: kernel.operands.map((operand) =>
      loads.some((load) => load.operand === operand.name)
        ? { ...operand, dtype: 'i32', elements: operand.elements / BYTES_A_DOT }
        : operand,
    ),
    stages: kernel.stages.map((stage) => (stage === found ? fused : stage)),
  };
}

function fusible(stage: Contract, kernel: Kernel): boolean {
  const { left, right, over } = stage;
  if (over.length !== 1 || left.kind !== 'load' || right.kind !== 'load') return false;
  return (
    dimensionExtent(kernel, over[0]) % BYTES_A_DOT === 0 &&
    [left, right].every((load) => inWords(load, over[0]))
  );
}

function inWords(load: Load, along: string): boolean {
  const { offset, strides } = load.at;
  const others = Object.keys(strides).filter((dim) => dim !== along);
  const aligned = [offset, ...others.map((dim) => strides[dim])].every(
    (stride) => stride % BYTES_A_DOT === 0,
  );
  return BYTES[load.dtype] === 1 && strides[along] === 1 && aligned && load.when === undefined;
}

function quarter({ offset, strides }: IndexMap, along: string): IndexMap {
  const scaled = Object.entries(strides).map(([dim, stride]) => [
    dim,
    dim === along ? 1 : stride / BYTES_A_DOT,
  ]);
  return { offset: offset / BYTES_A_DOT, strides: Object.fromEntries(scaled) };
}
