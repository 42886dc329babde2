import type { Configuration, Value } from '../../search-space/parameter.ts';
import { parseStudySpec, type StudySpec } from '../ask/study-spec.ts';

/** How a space is searched. */
export type Steering = Readonly<{
  /** A name from docs/search.md. */
  strategy?: string;
  /** Default: 1. */
  seed?: number;
  /** The values that parameters may take in this study; a single one fixes a parameter. */
  values?: Readonly<Record<string, readonly Value[]>>;
  /** What may not be tried, in the grammar of constraints: ['threads == 3']. */
  forbid?: readonly string[];
  /** Configurations to try first. */
  start?: readonly Configuration[];
  /** What compiling a configuration may take, on a target that compiles: '40s'. Default: '1m'. */
  timeout?: string;
}>;

/** The study that a caller asks for. Throws InputError with the field that is wrong. */
export function specOf(asked: Steering & Pick<StudySpec, 'kernel' | 'target'> & object): StudySpec {
  return parseStudySpec(asked, 'question');
}
