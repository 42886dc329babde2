import type { Comparison } from '../store/comparison.ts';
import type { Findings } from './attribution/findings.ts';

/** The share of spoiled trials from which a search may have missed what they would have shown. */
const SPOILED = 0.05;

/** What a reader must know before believing the numbers, each with what to do about it. A closed list. */
export function warningsOf(findings: Omit<Findings, 'warnings'>, comparison: Comparison): readonly string[] {
  const { timed, invalid } = findings.trials;
  return [
    findings.default === null && 'The default configuration could not be timed: there is no gain over it.',
    comparison.environment.screeningOnly === true &&
      'Stopped before the final comparison: gains come from the screening and have no intervals. Tune again to finish it.',
    comparison.kind === 'ensemble' &&
      findings.winner?.provenance.from === 'simulator' &&
      comparison.roundsUs.length < 2 &&
      'The target has no calibration: simulated gains have no intervals.',
    comparison.kind === 'sampled' &&
      comparison.roundsUs.length > 1 &&
      cleanShare(comparison) < 0.5 &&
      'More than half of the samples were disturbed: use a quieter machine, or a longer budget.',
    invalid.disturbed > SPOILED * (timed + invalid.disturbed) &&
      `${invalid.disturbed} trials had no undisturbed sample and were given up, those on several threads first: what MT and DB gain may be missed. Use a quieter machine.`,
    timed < 20 && `Only ${timed} configurations were timed: a larger budget may find better.`,
  ].filter((warning) => warning !== false);
}

function cleanShare({ roundsUs }: Comparison): number {
  const samples = roundsUs.flat();
  return samples.filter((sample) => sample !== null).length / samples.length;
}
