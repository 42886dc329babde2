import { type Gain, type GainFigure, isKnown } from '../../../tuner/attribution/gain.ts';
import { formatFactor } from './numbers.ts';

/** A factor nearer to 1 than this is not worth a word. */
const NOTHING = 0.005;

/** "46.9× = issue 12.0× · stalls 3.90×", then a sentence where most of it rests on a prior; none where nothing is known. */
export function causeWords(gain: GainFigure): readonly string[] {
  if (!isKnown(gain)) return [];
  const { factors, caution } = gain.causes ?? {};
  return [
    ...(factors === undefined ? [] : [productWords(gain.value, factors)]),
    ...(caution === undefined ? [] : [caution]),
  ];
}

type Factors = NonNullable<NonNullable<Gain['causes']>['factors']>;

function productWords(value: number, { issue, stalls, rest }: Factors): string {
  const others = Math.abs(rest - 1) < NOTHING ? '' : ` · rest ${formatFactor(rest)}`;
  return `${formatFactor(value)} = issue ${formatFactor(issue)} · stalls ${formatFactor(stalls)}${others}`;
}
