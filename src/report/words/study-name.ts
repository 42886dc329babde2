import { subjectOf } from './subject.ts';

/** What names a study. */
export type StudyName = Readonly<{
  kernel: string;
  shape: string;
  dtype: string;
  target: string;
  /** Empty or absent for a study of the whole space. */
  restrictedTo?: string;
  /** With its limits; absent for the shortest time. */
  objective?: string;
}>;

/** "gelu 65536 f32 on npu, for energyJ where time<=900, only threads=4" */
export function studyName(study: StudyName): string {
  const { kernel, shape, dtype, target } = study;
  return `${subjectOf({ name: kernel, shape, dtype })} on ${target}${askedWords(study)}`;
}

/** ", for energyJ where time<=900, only threads=4"; empty for the shortest time in the whole space. */
export function askedWords({
  restrictedTo = '',
  objective,
}: Pick<StudyName, 'restrictedTo' | 'objective'>): string {
  const sought = objective === undefined ? '' : `, for ${objective}`;
  return `${sought}${restrictedTo === '' ? '' : `, only ${restrictedTo}`}`;
}

/** The same by itself: "for energyJ where time<=900, only threads=4". */
export function askedAlone(asked: Parameters<typeof askedWords>[0]): string {
  return askedWords(asked).replace(/^, /, '');
}

type Search = Readonly<{ seed: number; strategy: string }>;

/** ", strategy random, seed 2": in what the search differs from others of the same name, among which it is; empty where it has its name alone. */
export function apartWords({ seed, strategy }: Search, namesakes: readonly Search[]): string {
  if (namesakes.length < 2) return '';
  const isOther = namesakes.some((each) => each.strategy !== strategy);
  return `${isOther ? `, strategy ${strategy}` : ''}, seed ${seed}`;
}
