import { subjectOf } from '../words/subject.ts';
import type { Paint } from './paint.ts';

/** The title of a study. */
export type StudyTitle = Readonly<{
  kernel: string;
  shape: string;
  dtype: string;
  target: string;
  /** Empty or absent for a study of the whole space. */
  restrictedTo?: string;
  /** Absent for the shortest time. */
  objective?: string;
}>;

/** `label` says where its times come from. */
export function drawTitle(study: StudyTitle, label: string | undefined, paint: Paint): string {
  const { kernel, shape, dtype, target, restrictedTo = '', objective } = study;
  const sought = objective === undefined ? '' : `, for ${objective}`;
  const subject = subjectOf({ name: paint.bold(kernel), shape, dtype });
  const only = restrictedTo === '' ? '' : `, only ${restrictedTo}`;
  return `${subject} on ${paint.bold(target)}${label === undefined ? '' : paint.yellow(` (${label})`)}${sought}${only}\n`;
}
