import type { Configuration } from '../../../search-space/parameter.ts';
import type { Findings } from '../../../tuner/attribution/findings.ts';
import { countOf } from './numbers.ts';

/** Of those that are as fast, so many are listed. */
const LISTED = 5;

/** What a final comparison knows of its choice: absent in findings of earlier versions. */
export type ChoiceWords = Readonly<{
  configuration: Configuration;
  same?: readonly Configuration[];
  sure?: number | null;
}>;

/** "3 others of those compared are as fast, within 1 %: tile=16; tile=32 unroll=2 … Other rounds would choose the same in 97 % of draws." Empty where nothing is known. */
export function asFastWords({ configuration, same = [], sure = null }: ChoiceWords): string {
  const listed = same.slice(0, LISTED).map((other) => differences(configuration, other));
  const more = same.length > LISTED ? '; …' : '';
  const others =
    same.length === 0
      ? ''
      : `${countOf(same.length, 'other')} of those compared ${same.length === 1 ? 'is' : 'are'} as fast, within 1 %: ${listed.join('; ')}${more}.`;
  const again =
    sure === null
      ? ''
      : `Other rounds of the final comparison would choose the same in ${Math.round(100 * sure)} % of draws.`;
  return [others, again].filter((text) => text !== '').join(' ');
}

/** The same of a study's findings. */
export function choiceWords({ best, same, sure }: Pick<Findings, 'best' | 'same' | 'sure'>): string {
  if (best === null) return '';
  return asFastWords({
    configuration: best.configuration,
    ...(same && { same: same.map(({ configuration }) => configuration) }),
    ...(sure !== undefined && { sure }),
  });
}

function differences(configuration: Configuration, other: Configuration): string {
  return Object.entries(other)
    .filter(([name, value]) => configuration[name] !== value)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
