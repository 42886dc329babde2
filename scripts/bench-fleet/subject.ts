import { type StudySpec, studySpecSchema } from '../../src/ask/study-spec.ts';

/** What the bench's boards say that they are; their times are made up. */
export const TARGET = Object.freeze({ kind: 'named', name: 'hexagon-v75' } as const);

export const SPEC: StudySpec = studySpecSchema.parse({
  kernel: { kind: 'named', name: 'gelu' },
  shape: '2^20',
  target: TARGET,
});
