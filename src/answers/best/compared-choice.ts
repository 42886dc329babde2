import { z } from 'zod';
import type { Configuration } from '../../../search-space/parameter.ts';
import type { StoredFindings } from '../../../store/records.ts';
import { UNKNOWN_REASONS, type Unknown } from '../../../tuner/attribution/gain.ts';

/** What is as fast as the configuration to use, the simplest first, and how often other rounds would name that one. */
export type ComparedChoice = Readonly<{ same: readonly Configuration[]; sure: number | null }>;

const configuration = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]));
const findingsWithChoice = z.looseObject({
  same: z.array(z.looseObject({ configuration })),
  sure: z.number().nullable(),
});
const findingsWithoutGain = z.looseObject({
  gainOverDefault: z.object({ unknown: z.enum(UNKNOWN_REASONS), why: z.string() }),
});

/** Why a study's findings know no gain over the default; undefined where they know one. */
export function unknownGain(findings: StoredFindings | undefined): Unknown | undefined {
  return findingsWithoutGain.safeParse(findings?.document).data?.gainOverDefault;
}

/** From a study's findings; nothing in those of earlier versions. */
export function comparedChoice(findings: StoredFindings | undefined): Readonly<{ choice?: ComparedChoice }> {
  const parsed = findingsWithChoice.safeParse(findings?.document);
  if (!parsed.success) return {};
  const { same, sure } = parsed.data;
  return { choice: { same: same.map((each) => each.configuration), sure } };
}
