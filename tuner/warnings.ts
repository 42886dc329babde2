import type { Comparison } from '../store/comparison.ts';
import { targetKinds } from '../store/target-kinds.ts';
import type { Findings } from './attribution/findings.ts';
import { isKnown } from './attribution/gain.ts';
import { ALL_RUNGS } from './attribution/ladder.ts';
import { attendedUs } from './measurement/attended.ts';
import { NOTHING_TO_COMPARE } from './measurement/comparison-plan.ts';
import { contradictions } from './measurement/machine-limits.ts';
import { FEWEST_SAMPLES } from './measurement/statistics.ts';
import { OVER_LIMIT } from './objectives/judge.ts';

/** From this share of disturbed trials on a search may have missed something. */
const MOST_DISTURBED = 0.05;
/** A search that has timed fewer configurations has hardly begun. */
const FEW = 20;

/** What a reader must know about the numbers of a space of that size, each with what to do about it. A closed list. */
export function warningsOf(
  findings: Omit<Findings, 'warnings'>,
  spaceSize: number,
  comparison: Comparison,
  { notes, isPolished }: Readonly<{ notes: readonly string[]; isPolished: boolean }>,
): readonly string[] {
  const { timed, invalid } = findings.trials;
  return [
    isDefaultFailed(findings) &&
      `${whyNoDefault(findings)}. There is no gain over it. What fails by itself is not tried again; another --seed opens a study that does.`,
    ...notes,
    missingRungs(findings),
    ...contradictions(comparison.environment),
    isDefaultScreened(findings, comparison) &&
      'The time of the default is that of its own trial: the gain over it is unknown.',
    isSampled(comparison) &&
      comparison.roundsUs.length < FEWEST_SAMPLES &&
      `The final comparison had time for ${countOfRounds(comparison)}, fewer than ${FEWEST_SAMPLES}: gains are unknown. A longer budget tells them.`,
    isDefaultDisturbed(findings, comparison) &&
      `Fewer than ${FEWEST_SAMPLES} rounds of the final comparison were undisturbed: the gain over the default is unknown. Use a quieter machine, or a longer budget.`,
    comparison.kind === 'ensemble' &&
      findings.winner != null &&
      targetKinds[findings.winner.provenance.from].isSimulated &&
      comparison.roundsUs.length < 2 &&
      'Nothing says how well the figures of the target are known: simulated gains have no intervals.',
    isSampled(comparison) &&
      cleanShare(comparison) < 0.5 &&
      'More than half of the samples were disturbed: use a quieter machine, or a longer budget.',
    invalid.disturbed > MOST_DISTURBED * (timed + invalid.disturbed) &&
      `${invalid.disturbed} ${invalid.disturbed === 1 ? 'trial says' : 'trials say'} nothing of their configuration, as other work or a tool that did not end disturbed them: what MT and DB gain may be missed. Use a quieter machine; the next visit tries them again.`,
    timed < FEW &&
      !isPolished &&
      findings.stoppedBy !== 'exhausted' &&
      triedOf(findings) < spaceSize &&
      !notes.includes(NOTHING_TO_COMPARE) &&
      `Only ${timed} ${timed === 1 ? 'configuration was' : 'configurations were'} timed: a larger budget may find better.`,
  ].filter((warning) => warning !== false);
}

function isDefaultFailed(findings: AgainstDefault): boolean {
  return findings.default === null && findings.gainOverDefault !== OVER_LIMIT;
}

/** "The default failed: its trial ended as correctness: out[0] is 1, expected 2" */
function whyNoDefault({ gainOverDefault }: AgainstDefault): string {
  const isTold = !isKnown(gainOverDefault) && gainOverDefault.unknown === 'failed';
  const why = isTold ? gainOverDefault.why : 'the default could not be timed';
  return `${why[0].toUpperCase()}${why.slice(1)}`;
}

/** Trials with a result. A disturbed one may have been repeated. */
function triedOf({ trials: { timed, invalid } }: Pick<Findings, 'trials'>): number {
  const failed = Object.values(invalid).reduce((sum, count) => sum + count, 0);
  return timed + failed - invalid.disturbed;
}

/** The rungs that a ladder lacks because a mechanism is on in every configuration. */
function missingRungs({ ladder }: Pick<Findings, 'ladder'>): string | false {
  if (!isKnown(ladder) || ladder[0].rung === ALL_RUNGS[0]) return false;
  const [first] = ladder;
  const present = new Set(ladder.flatMap(({ rung }) => rung.split('+')));
  const missing = ALL_RUNGS.filter(
    (name) =>
      !ladder.some(({ rung }) => rung === name) &&
      name.split('+').every((word) => word === ALL_RUNGS[0] || present.has(word)),
  );
  const held = first.rung.toUpperCase().replaceAll('+', ' and ');
  const lacking =
    missing.length === 1 ? `the rung ${missing[0]} does` : `the rungs ${missing.join(' and ')} do`;
  return `The ladder begins with ${first.rung}: every configuration of this space has ${held} on, so ${lacking} not exist.`;
}

/** Whether the times come from a final comparison on a real clock, not from the screening alone. */
function isSampled({ kind, environment }: Comparison): boolean {
  return kind === 'sampled' && environment.screeningOnly !== true;
}

function countOfRounds({ roundsUs }: Comparison): string {
  return roundsUs.length === 1 ? '1 round' : `${roundsUs.length} rounds`;
}

type AgainstDefault = Pick<Findings, 'default' | 'gainOverDefault'>;

/** The default did not work in the final comparison. */
function isDefaultScreened(findings: AgainstDefault, comparison: Comparison): boolean {
  return isSampled(comparison) && findings.default !== null && !isDefaultTimed(findings, comparison);
}

/** Too many samples of the default, or of what to use, were dropped. */
function isDefaultDisturbed(findings: AgainstDefault, comparison: Comparison): boolean {
  const { gainOverDefault } = findings;
  const isDisturbed = !isKnown(gainOverDefault) && gainOverDefault.unknown === 'disturbed';
  return isDisturbed && comparison.roundsUs.length >= FEWEST_SAMPLES && isDefaultTimed(findings, comparison);
}

function isDefaultTimed(
  { default: preferred }: Pick<Findings, 'default'>,
  { variants, roundsUs }: Comparison,
): boolean {
  if (preferred === null) return false;
  const wanted = Object.entries(preferred.configuration);
  const place = variants.findIndex(({ configuration }) =>
    wanted.every(([name, value]) => configuration[name] === value),
  );
  return roundsUs.some((round) => place >= 0 && round[place] !== null);
}

function cleanShare(comparison: Comparison): number {
  const samples = comparison.variants.flatMap((_, place) => attendedUs(comparison, place));
  return samples.filter((sample) => sample !== null).length / samples.length;
}
