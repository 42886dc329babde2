import { askedWords, type StudyName } from '../words/study-name.ts';
import { subjectOf } from '../words/subject.ts';
import type { Paint } from './paint.ts';

/** `label` says where its times come from. */
export function drawTitle(study: StudyName, label: string | undefined, paint: Paint): string {
  const { kernel, shape, dtype, target } = study;
  const subject = subjectOf({ name: paint.bold(kernel), shape, dtype });
  return `${subject} on ${paint.bold(target)}${label === undefined ? '' : paint.yellow(` (${label})`)}${askedWords(study)}\n`;
}
