import { UNKNOWN_DTYPE } from '../kernels/opaque.ts';
import { formatShape } from '../kernels/shape.ts';
import { fileName, filePart } from '../languages/file-names.ts';
import type { TunedStudy } from './_base.ts';

/** 'gelu-1048576-f32-hexagon-v75-1a2b3c4d5e6f.t4.json'; without the shape of a scalar and an unknown dtype. */
export function studyFile({ title, target, study }: TunedStudy, format: 't1' | 't4'): string {
  const { name, shape, dtype } = title;
  const parts = [
    name,
    ...(shape === formatShape([]) ? [] : [shape]),
    ...(dtype === UNKNOWN_DTYPE ? [] : [dtype]),
    target.name,
    study.id,
  ];
  return fileName(parts.map(filePart), `.${format}.json`);
}
