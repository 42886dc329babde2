import type { DType } from '../../kernels/ir.ts';

/** The type of a lane of 32 bits, on which arithmetic is done. A 'mask' is true or false. */
export type LaneType = 'f32' | 'i32' | 'mask';

/** The type of lanes for arithmetic on a dtype; undefined for f64, which does not fit. */
export function laneType(dtype: DType): LaneType | undefined {
  if (dtype === 'f64') return undefined;
  if (dtype === 'f32' || dtype === 'f16' || dtype === 'bf16') return 'f32';
  return dtype === 'bool' ? 'mask' : 'i32';
}

/** Whether arithmetic on a dtype is done on f32 lanes. */
export function hasFloatLanes(dtype: DType): boolean {
  return laneType(dtype) === 'f32';
}
