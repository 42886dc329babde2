import type { TargetRecord } from '../../store/records.ts';
import { UNKNOWN_DTYPE } from '../kernels/opaque.ts';
import { formatShape } from '../kernels/shape.ts';
import { fileName, filePart } from '../languages/file-names.ts';
import type { TunedShape } from './_base.ts';

/** 'gelu-1048576-f32-hexagon-v75.t4.json'; without the shape of a scalar and an unknown dtype. */
export function studyFile(
  { best: { kernel } }: TunedShape,
  target: TargetRecord,
  format: 't1' | 't4',
): string {
  const { name, shape, dtype } = kernel;
  const parts = [
    name,
    ...(shape === formatShape([]) ? [] : [shape]),
    ...(dtype === UNKNOWN_DTYPE ? [] : [dtype]),
    target.name,
  ];
  return fileName(parts.map(filePart), `.${format}.json`);
}
