import type { Provenance } from '../../../tuner/backend.ts';
import { UNKNOWN_DTYPE } from '../../kernels/opaque.ts';

/** How times are labelled: a simulated one says so wherever it stands. */
export const TIME_LABELS: Readonly<Record<Provenance, string>> = Object.freeze({
  simulator: 'simulated',
  wasm: 'measured in WASM',
  'wasm-modelled': 'measured in WASM under a modelled DMA',
  device: 'measured',
  replay: 'replayed',
});

/** "gelu 1048576 f32"; shape and dtype of an opaque kernel may not be known, and are then left out. */
export function subjectOf({
  name,
  shape,
  dtype,
}: Readonly<{ name: string; shape: string; dtype: string }>): string {
  return [name, shape, dtype].filter((word) => word !== '' && word !== UNKNOWN_DTYPE).join(' ');
}
