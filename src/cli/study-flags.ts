import { heldWords } from '../../search-space/assignment.ts';
import { InputError } from '../../search-space/input-error.ts';
import { parseStudySpec, type StudySpec, type Subject } from '../ask/study-spec.ts';
import type { Flags } from './flags.ts';
import type { restrictingOptions, steeringOptions } from './options/steering.ts';
import { seedFrom, strategyFrom, type strategyOptions } from './options/strategy.ts';
import { readStart } from './start-file.ts';

type Restricting = Flags<keyof typeof restrictingOptions>;
type Steering = Flags<keyof typeof steeringOptions | keyof typeof strategyOptions>;

/** The study that flags ask for, of a subject. Throws InputError for an unknown strategy or a bad word. */
export function studySpecFrom(
  subject: Subject,
  flags: Steering,
  besides: Partial<Pick<StudySpec, 'objective' | 'limits' | 'timeout'>> = {},
): StudySpec {
  const start = flags.text('start');
  const wave = flags.count('wave');
  return parseStudySpec({
    ...subject,
    ...besides,
    strategy: strategyFrom(flags).name,
    seed: seedFrom(flags),
    ...(wave !== undefined && { wave }),
    ...restrictionFrom(flags),
    start: start === undefined ? [] : readStart(start),
  });
}

/** What flags restrict a space to. Throws InputError for a bad word. */
export function restrictionFrom(flags: Restricting): Pick<StudySpec, 'values' | 'forbid'> {
  return {
    values: heldWords(flags.list('fix'), flags.list('values')),
    forbid: forbiddenBy(flags.list('forbid')),
  };
}

/** Throws InputError for an empty text. */
function forbiddenBy(texts: readonly string[]): StudySpec['forbid'] {
  if (texts.some((text) => text.trim() === ''))
    throw new InputError('--forbid', 'is empty', "write what may not be: 'threads == 3'");
  return texts;
}
