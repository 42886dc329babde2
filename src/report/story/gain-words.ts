import { MECHANISMS, type Mechanism } from '../../../search-space/parameter.ts';
import type { Findings, MechanismGains } from '../../../tuner/attribution/findings.ts';
import { type GainFigure, isKnown, knownOr } from '../../../tuner/attribution/gain.ts';
import { causeWords } from '../words/causes.ts';
import { figureWords, formatGain } from '../words/numbers.ts';
import { stepSentences } from '../words/rungs.ts';

export const MECHANISM_NAMES: Readonly<Record<Mechanism, string>> = Object.freeze({
  vec: 'Vec',
  mt: 'MT',
  db: 'DB',
});

/**
 * Details of the gains, a sentence each without a full stop: what a gain consists of and rests on, gains in parts, gains
 * against rivals, mechanisms that do not pay, and why a gain is unknown.
 */
export function gainSentences(gains: Findings['gains']): readonly string[] {
  return MECHANISMS.flatMap((mechanism) => {
    const found = gains[mechanism];
    return found === undefined ? [] : sentencesOf(MECHANISM_NAMES[mechanism], found);
  });
}

function sentencesOf(name: string, gains: MechanismGains) {
  const { parts, apart = [], forced, rivals = [] } = gains;
  const service =
    parts === undefined
      ? []
      : [
          `${name} in two parts: DMA instead of core copies ${figureWords(parts.service)}, overlap ${figureWords(parts.itself)}`,
        ];
  const split = apart.map(
    ({ label, without, onTop }) =>
      `${name} without ${label} ${figureWords(without)}, these on top ${figureWords(onTop)}`,
  );
  const met = rivals.map(
    ({ label, gain }) => `${name} against ${label} ${figureWords(gain)}${verdict(gain)}`,
  );
  const loses = isBelowOne(forced)
    ? [`${name} does not pay here: forced on, all else tuned, ${formatGain(forced)}`]
    : [];
  const causes = bySentence(name, gains, causeWords);
  return [...causes, ...service, ...split, ...met, ...loses, ...unknownSentences(name, gains)];
}

/** "MT alone, left out: unknown, not tried (12 trials without it, 0 with it)"; a sentence for each reason. */
function unknownSentences(name: string, gains: MechanismGains) {
  return bySentence(name, gains, (figure) =>
    isKnown(figure) || figure.unknown === 'not applicable' ? [] : [figureWords(figure)],
  );
}

/** What is to be said of the measures of a gain, each sentence once, with the measures of which it is true. */
function bySentence(
  name: string,
  { alone, leftOut, forced, shapleyShare }: MechanismGains,
  say: (figure: GainFigure) => readonly string[],
): readonly string[] {
  const measures = [
    ['alone', alone],
    ['left out', leftOut],
    ['forced', forced],
    ['Shapley share', shapleyShare],
  ] as const;
  const bySaid = new Map<string, string[]>();
  for (const [measure, figure] of measures) {
    for (const words of say(figure)) bySaid.set(words, [...(bySaid.get(words) ?? []), measure]);
  }
  return [...bySaid].map(([words, names]) => `${name} ${names.join(', ')}: ${words}`);
}

function verdict(gain: GainFigure): string {
  if (!isKnown(gain)) return '';
  if (isBelowOne(gain)) return ', does not pay';
  return gain.low !== null && gain.low <= 1 ? ', no significant difference' : '';
}

/** Whether the whole interval is below 1; without an interval, whether the value is below 0.99. */
function isBelowOne(gain: GainFigure): boolean {
  if (!isKnown(gain)) return false;
  return gain.high === null ? gain.value < 0.99 : gain.high < 1;
}

/** What the steps of a study's ladders consist of and rest on, a sentence each. */
export function ladderSentences(findings: Findings | null): readonly string[] {
  if (findings === null) return [];
  const tuned = stepSentences(knownOr(findings.ladder) ?? []);
  const fixed = stepSentences(knownOr(findings.ladderFixedTile) ?? []).filter(
    (sentence) => !tuned.includes(sentence),
  );
  return [...tuned, ...fixed.map((sentence) => `one schedule on all rungs, ${sentence}`)];
}
