import type { Provenance } from '../../../tuner/backend.ts';
import { UNKNOWN_DTYPE } from '../../kernels/opaque.ts';
import type { Paint } from './paint.ts';

/** The title of a study. */
export type StudyTitle = Readonly<{ kernel: string; shape: string; dtype: string; target: string }>;

/** The labels of times: every simulated time is labelled. */
export const TIME_LABELS: Readonly<Record<Provenance, string>> = Object.freeze({
  simulator: 'simulated',
  wasm: 'measured in WASM',
  'wasm-modelled': 'measured in WASM under a modelled DMA',
  device: 'measured',
  replay: 'replayed',
});

export function drawTitle(study: StudyTitle, from: Provenance | undefined, paint: Paint): string {
  const label = from === undefined ? '' : paint.yellow(` (${TIME_LABELS[from]})`);
  const { kernel, shape, dtype, target } = study;
  const subject = subjectOf({ name: paint.bold(kernel), shape, dtype });
  return `${subject} on ${paint.bold(target)}${label}\n`;
}

/** "gelu 1048576 f32"; shape and dtype of an opaque kernel may not be known, and are then left out. */
export function subjectOf({
  name,
  shape,
  dtype,
}: Readonly<{ name: string; shape: string; dtype: string }>): string {
  return [name, shape, dtype].filter((word) => word !== '' && word !== UNKNOWN_DTYPE).join(' ');
}
