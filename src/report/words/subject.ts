import { UNKNOWN_DTYPE } from '../../kernels/opaque.ts';

/** "gelu 1048576 f32"; shape and dtype of an opaque kernel may not be known, and are then left out. */
export function subjectOf({
  name,
  shape,
  dtype,
}: Readonly<{ name: string; shape: string; dtype: string }>): string {
  return [name, shape, dtype].filter((word) => word !== '' && word !== UNKNOWN_DTYPE).join(' ');
}
