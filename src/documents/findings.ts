import { z } from 'zod';
import { restrictionText } from '../../search-space/restriction-text.ts';
import { TITLE_DIGITS, titleOfOther } from '../../store/kernel-title.ts';
import type { KernelRecord, StoredFindings } from '../../store/records.ts';
import type { StudySummary } from '../../store/study-store.ts';
import type { Findings } from '../../tuner/attribution/findings.ts';
import { TIME } from '../../tuner/objectives/metrics.ts';
import { objectiveText, SHORTEST_TIME } from '../../tuner/objectives/objective.ts';
import { frontSchema } from '../answers/best/known-front.ts';
import { codeEffectsSchema } from '../answers/code-effects.ts';
import { publishedGains } from '../answers/published.ts';
import type { ResolvedStudy } from '../ask/resolve-study.ts';
import { libraryNames } from '../kernels/library.ts';
import {
  gainFigure,
  gains,
  orUnknown,
  publishedList,
  rung,
  type StudyReference,
  study,
  sure,
  timedConfiguration,
  trials,
} from './parts.ts';
import { verificationFigures } from './verify.ts';

/** A study's findings, as they are stored. */
export const findingsSchema = z
  .strictObject({
    default: timedConfiguration
      .nullable()
      .describe(
        'What the target’s compiler chooses by itself; null if it has no time: gainOverDefault says why.',
      ),
    best: timedConfiguration
      .nullable()
      .describe(
        'What to use: the simplest configuration that is as fast as the winner, within 1 % as far as was measured; null if nothing has a time: gainOverDefault says why.',
      ),
    same: z
      .array(timedConfiguration)
      .readonly()
      .exactOptional()
      .describe('What is as fast as best, within 1 % as far as was measured: the simplest first.'),
    sure: sure.exactOptional(),
    winner: timedConfiguration
      .nullable()
      .describe('The fastest configuration; the gains of mechanisms are relative to it.'),
    gainOverDefault: gainFigure.describe('Of `best`. Not applicable where that is the default itself.'),
    ladder: orUnknown(z.array(rung).readonly()).describe('Tuned: everything else is free on each rung.'),
    ladderFixedTile: orUnknown(z.array(rung).readonly()).describe(
      'One schedule (tile, staging, …) on all rungs.',
    ),
    front: frontSchema
      .exactOptional()
      .describe(
        'Of a study that seeks something else than the time: what it found. `best` is its first member.',
      ),
    environment: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .readonly()
      .exactOptional()
      .describe(
        'The environment of the final comparison: load, share of clean samples, warm or cold, the machine’s limits.',
      ),
    gains: gains.describe('The gains of each mechanism.'),
    code: codeEffectsSchema
      .exactOptional()
      .describe('What parameters did to the code, where object code is compared.'),
    trials,
    compared: z
      .int()
      .nonnegative()
      .exactOptional()
      .describe('How many configurations the final comparison timed.'),
    stoppedBy: z.enum(['trials', 'time', 'deadline', 'stalled', 'exhausted', 'failing', 'interrupted']),
    warnings: z.array(z.string()).readonly(),
  })
  .readonly();

/**
 * The findings of a study; undefined where it has none, or only those of an earlier version. Throws ZodError for a
 * document that nightshift did not write.
 */
export function parseFindings(stored: StoredFindings | undefined): Findings | undefined {
  const document = stored?.document ?? null;
  return document === null ? undefined : findingsSchema.parse(document);
}

const outcomeSchema = z.object(
  findingsSchema.unwrap().pick({ default: true, best: true, gainOverDefault: true, warnings: true }).shape,
);

/** The part of the findings that a list of hundreds of studies needs: a tenth of their text. Otherwise as `parseFindings`. */
export function parseOutcome(
  stored: StoredFindings | undefined,
): Pick<Findings, 'default' | 'best' | 'gainOverDefault' | 'warnings'> | undefined {
  const document = stored?.document ?? null;
  return document === null ? undefined : outcomeSchema.parse(document);
}

/** `tune --format json` and `ladder --format json`. */
export const studyDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    study,
    ...findingsSchema.unwrap().shape,
    published: publishedList.describe(
      'Published gains for steps of this ladder on this device, beside the ones found here.',
    ),
    verification: verificationFigures
      .extend({ sentence: z.string().describe('The same in words, with why it is unknown.') })
      .readonly()
      .exactOptional()
      .describe('Of `tune --verify`: whether `best` is faster than the default, timed anew.'),
  })
  .readonly()
  .meta({ title: 'What nightshift tune and nightshift ladder print' });

export type StudyDocument = z.infer<typeof studyDocumentSchema>;

export function studyDocument(reference: StudyDocument['study'], findings: Findings): StudyDocument {
  const published = publishedGains(reference, findings);
  return { schemaVersion: 1, study: reference, ...findings, published };
}

/** `tune --shapes … --format json`. */
export const tunedShapesDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    studies: z.array(studyDocumentSchema).readonly().describe('From the smallest shape on.'),
  })
  .readonly()
  .meta({ title: 'What nightshift tune --shapes prints' });

/** How documents and titles identify a study. */
export function referenceOf({ id, kernel, target, spec, study }: ResolvedStudy): StudyReference {
  const { shape, dtype } = kernel;
  const { seed, strategy } = spec;
  const restrictedTo = restrictionText(study.space);
  const objective = objectivePart(objectiveText(study.objective ?? SHORTEST_TIME));
  const name = calledInLists(kernel);
  return { id, kernel: name, shape, dtype, target: target.name, seed, strategy, ...objective, restrictedTo };
}

/** Another kernel under a name of the library has the title that lists give it: it is not what that name stands for. */
function calledInLists({ name, source, hash }: KernelRecord): string {
  if (source === 'library' || !libraryNames.includes(name)) return name;
  return titleOfOther(name, source, hash.slice(0, TITLE_DIGITS));
}

/** The same for a stored study. */
export function storedReference({
  study: { id, seed, strategy, objective, space },
  kernel: { name, shape, dtype },
  target,
}: Pick<StudySummary, 'study' | 'kernel' | 'target'>): StudyReference {
  const restrictedTo = restrictionText(space);
  const asked = objectivePart(objective);
  return { id, kernel: name, shape, dtype, target: target.name, seed, strategy, ...asked, restrictedTo };
}

/** Documents name an objective where it is not the shortest time. */
export function objectivePart(objective: string): Pick<StudyReference, 'objective'> {
  return objective === TIME ? {} : { objective };
}
