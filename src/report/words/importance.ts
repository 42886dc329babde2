import type { Importance } from '../../../tuner/attribution/importance.ts';
import { listed } from './listed.ts';
import { countOf } from './numbers.ts';

const GOOD = 0.8;
const FAIR = 0.5;

/** How well the model fits that the shares come from, and so how far to trust them. */
export function fitSentence({ fit, trials }: Pick<Importance, 'fit' | 'trials'>): string {
  const from = `From ${countOf(trials, 'trial')}, by a model`;
  const explained = `it explains ${(100 * Math.max(0, fit)).toFixed(0)} % of the variance of trials that it had not seen`;
  if (fit >= GOOD) return `${from} that fits well: ${explained}.`;
  if (fit >= FAIR) return `${from} that fits fairly: ${explained}, so small shares may be wrong.`;
  return `${from} that fits badly: ${explained}. These shares say little; more trials may help.`;
}

/** What changed nothing in the code, and so has no share; empty where nothing is known to be so. */
export function idleSentence({ idle }: Pick<Importance, 'idle'>): string {
  if (idle.length === 0) return '';
  return `${listed(idle)} changed nothing in the compiled code, so no share is ${idle.length === 1 ? 'its' : 'theirs'}.`;
}

/** "71 %"; "< 1 %" */
export function shareWords(share: number): string {
  return share < 0.01 ? '< 1 %' : `${(100 * share).toFixed(0)} %`;
}

/** "threads", "threads × tile", with their shares; shares under 1 % are left out. */
export function importanceRows({
  parameters,
  interactions,
}: Pick<Importance, 'parameters' | 'interactions'>): readonly Readonly<{ what: string; share: number }>[] {
  return [
    ...parameters.map(({ name, share }) => ({ what: name, share })),
    ...interactions.map(({ names, share }) => ({ what: names.join(' × '), share })),
  ].filter(({ share }) => share >= 0.01);
}
