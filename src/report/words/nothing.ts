import { type GainFigure, isKnown } from '../../../tuner/attribution/gain.ts';

/** What a visit without a single time says of itself, from its gain over the default. */
export function nothingSentence(gainOverDefault: GainFigure): string {
  const [what, why] = isKnown(gainOverDefault)
    ? ['could be timed', '']
    : [gainOverDefault.unknown === 'not tried' ? 'was tried' : 'could be timed', `: ${gainOverDefault.why}`];
  return `Nothing ${what}${why}.`;
}
