import type { TargetRecord } from '../../store/records.ts';
import type { TunedShape } from './_base.ts';

/** 'gelu-1048576-f32-hexagon-v75.t4.json': no path of anybody's making. */
export function studyFile({ kernel }: TunedShape, target: TargetRecord, format: 't1' | 't4'): string {
  const parts = [kernel.name, kernel.shape, kernel.dtype, target.name].map((part) =>
    part.replaceAll(/[^A-Za-z0-9_.]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, ''),
  );
  return `${parts.filter((part) => part !== '').join('-')}.${format}.json`;
}
