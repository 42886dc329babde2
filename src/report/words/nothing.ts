import { type GainFigure, isKnown } from '../../../tuner/attribution/gain.ts';

/** What a visit without a single time says of itself, from its gain over the default: "nothing was tried: …". */
export function nothingWords(gainOverDefault: GainFigure): string {
  if (isKnown(gainOverDefault)) return 'nothing could be timed';
  const { unknown, why } = gainOverDefault;
  return `nothing ${unknown === 'not tried' ? 'was tried' : 'could be timed'}: ${why}`;
}

/** The same as a sentence. */
export function nothingSentence(gainOverDefault: GainFigure): string {
  const words = nothingWords(gainOverDefault);
  return `${words[0].toUpperCase()}${words.slice(1)}.`;
}
