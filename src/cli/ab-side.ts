import { completeConfiguration } from '../../search-space/complete-configuration.ts';
import { explain } from '../../search-space/explain.ts';
import { InputError } from '../../search-space/input-error.ts';
import type { Configuration } from '../../search-space/parameter.ts';
import type { StudySummary } from '../../store/study-store.ts';
import type { Study } from '../../tuner/study-definition.ts';
import { parseFindings } from '../documents/findings.ts';
import { subjectOf } from '../report/words/subject.ts';
import { assignments } from './assignments.ts';
import type { Flags } from './flags.ts';
import { NothingFound } from './nothing-found.ts';
import type { GlobalOption } from './options/global.ts';
import type { Session } from './session.ts';
import { reading } from './stores.ts';

/** One of two configurations to compare, as it was asked for. */
export type AbSide = Readonly<{
  option: '--a' | '--b' | '--against';
  given: string;
  /** Where what a study says to use was asked for. */
  study?: Readonly<{ summary: StudySummary; use: Configuration }>;
}>;

/**
 * What such an option says: assignments, `default`, or a study. Throws NothingFound for a study that is not there or has
 * timed nothing.
 */
export async function abSide(
  option: AbSide['option'],
  given: string,
  flags: Flags<GlobalOption>,
  session: Session,
): Promise<AbSide> {
  if (given === 'default' || given.includes('=')) return { option, given };
  return reading(flags, session, async (store) => {
    const study = await store.study(given);
    const summary = study === undefined ? undefined : await store.summary(study.id);
    if (study === undefined || summary === undefined) {
      throw new NothingFound(
        `${option}: '${given}' is no single study, and no configuration like threads=4,tile=32; \`nightshift studies\` lists studies`,
      );
    }
    const concluded = parseFindings(await store.findings(study.id))?.best?.configuration;
    const use = concluded ?? (await store.fastest(study.id, 1))[0]?.configuration;
    if (use === undefined) throw new NothingFound(`${option}: study ${study.id} has timed nothing yet`);
    return { option, given, study: { summary, use } };
  });
}

/** Its configuration in a space. Assignments change the default. Throws InputError for one that is impossible there. */
export function configurationOfSide(
  { option, given, study }: AbSide,
  { space, default: preferred }: Pick<Study, 'space' | 'default'>,
): Configuration {
  if (given === 'default') return preferred;
  if (study === undefined)
    return completeConfiguration(space, preferred, assignments([given], space, option));
  const problem = explain(space, study.use);
  if (problem === undefined) return study.use;
  throw new InputError(
    option,
    `what study ${study.summary.study.id} says to use is not possible here: ${problem}`,
  );
}

/** A note if what a study says to use was found for another kernel or target than the one that is measured. */
export function strangerNote(
  { option, study }: AbSide,
  measured: Readonly<{ kernelHash: string; targetFingerprint: string }>,
): readonly string[] {
  if (study === undefined) return [];
  const { study: record, kernel, target } = study.summary;
  const isSame =
    record.kernelHash === measured.kernelHash && record.targetFingerprint === measured.targetFingerprint;
  if (isSame) return [];
  return [`${option} is what a study says to use, of ${subjectOf(kernel)} on ${target.name}.`];
}
