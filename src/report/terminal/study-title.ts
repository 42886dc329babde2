import type { Provenance } from '../../../tuner/backend.ts';
import { subjectOf, TIME_LABELS } from '../words/subject.ts';
import type { Paint } from './paint.ts';

/** What a study is about, as people read it. */
export type StudyTitle = Readonly<{ kernel: string; shape: string; dtype: string; target: string }>;

export function drawTitle(study: StudyTitle, from: Provenance | undefined, paint: Paint): string {
  const label = from === undefined ? '' : paint.yellow(` (${TIME_LABELS[from]})`);
  const { kernel, shape, dtype, target } = study;
  const subject = subjectOf({ name: paint.bold(kernel), shape, dtype });
  return `${subject} on ${paint.bold(target)}${label}\n`;
}
