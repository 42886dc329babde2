import type { Provenance } from '../../../tuner/backend.ts';
import type { Paint } from './paint.ts';

/** What a study is about, as people read it. */
export type StudyTitle = Readonly<{ kernel: string; shape: string; dtype: string; target: string }>;

/** How times are labelled: a simulated one says so wherever it stands. */
export const TIME_LABELS: Readonly<Record<Provenance, string>> = Object.freeze({
  simulator: 'simulated',
  wasm: 'measured in WASM',
  device: 'measured',
  replay: 'replayed',
});

export function drawTitle(study: StudyTitle, from: Provenance | undefined, paint: Paint): string {
  const label = from === undefined ? '' : paint.yellow(` (${TIME_LABELS[from]})`);
  return `${paint.bold(study.kernel)} ${study.shape} ${study.dtype} on ${paint.bold(study.target)}${label}\n`;
}
