import { targetKinds } from '../../../store/target-kinds.ts';
import { isKnown, knownOr, type Unknown } from '../../../tuner/attribution/gain.ts';
import { formatCount } from '../../text/number-text.ts';
import { listed } from '../words/listed.ts';
import { countOf } from '../words/numbers.ts';
import type { Story } from './story.ts';
import { gainOverDefault, type StudyStory, timesLabel } from './study-story.ts';

export type Summary = Readonly<{
  studies: number;
  kernels: number;
  targets: readonly string[];
  trials: number;
  /** Geometric means over the studies that have a gain, apart for each kind of times: "simulated, over 1 of 2". */
  meanGains: readonly Readonly<{ times: string; gain: number }>[];
  /** "Some times are simulated, others measured in WASM and replayed." */
  times: string;
}>;

export function summaryOf({ studies }: Story): Summary {
  const labels = [...new Set(studies.map(({ target }) => targetKinds[target.kind].label))];
  return {
    studies: studies.length,
    kernels: new Set(studies.map(({ kernel }) => kernel.name)).size,
    targets: [...new Set(studies.map(({ target }) => target.name))],
    trials: studies.reduce((sum, { settled }) => sum + settled, 0),
    meanGains: labels.flatMap((times) => meanGainOf(times, studies)),
    times: timesSentence(studies),
  };
}

function timesSentence(studies: Story['studies']): string {
  const timed = studies.filter(({ best }) => best !== null);
  const [first, ...others] = new Set(timed.map(timesLabel));
  if (first === undefined) return 'Nothing was timed.';
  return others.length === 0 ? `Times are ${first}.` : `Some times are ${first}, others ${listed(others)}.`;
}

/** A simulated gain says nothing about a measured one, so they have no mean together. */
function meanGainOf(times: string, studies: Story['studies']): Summary['meanGains'] {
  const such = studies.filter(({ target }) => targetKinds[target.kind].label === times);
  const logs = such.flatMap((each) => knownOr(gainOverDefault(each))?.value ?? []).map(Math.log);
  if (logs.length === 0) return [];
  const over =
    logs.length === such.length ? '' : `, over ${formatCount(logs.length)} of ${formatCount(such.length)}`;
  return [{ times: times + over, gain: Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length) }];
}

/** A warning of several studies, which a report says once. */
type SharedWarning = Readonly<{ warning: string; sentence: string }>;

/** "Of 170 studies, on hexagon-v73 and hexagon-v75: Intervals come from …" for each warning that two studies have, or more. */
export function sharedWarnings({ studies }: Story): readonly SharedWarning[] {
  const having = new Map<string, StudyStory[]>();
  for (const each of studies)
    for (const warning of new Set(each.findings?.warnings ?? []))
      having.set(warning, [...(having.get(warning) ?? []), each]);
  return [...having]
    .filter(([, found]) => found.length > 1)
    .map(([warning, found]) => {
      const targets = listed([...new Set(found.map(({ target }) => target.name))]);
      return {
        warning,
        sentence: `Of ${countOf(found.length, 'study', 'studies')}, on ${targets}: ${warning}`,
      };
    });
}

/** What a study warns of, without what is said of several. */
export function ownWarnings({ findings }: StudyStory, said: ReadonlySet<string>): readonly string[] {
  return (findings?.warnings ?? []).filter((warning) => !said.has(warning));
}

/** What stands for a gain that is not there, as a part of a sentence. */
const WITHOUT_GAIN: Readonly<Record<Unknown['unknown'], string>> = Object.freeze({
  'not tried': 'without a final comparison',
  'searched too little': 'searched too little',
  failed: 'failed',
  disturbed: 'disturbed',
  'gated by the compiler': 'gated by the compiler',
  'not applicable': 'with the default as the fastest, or nothing to compare it with',
  'not told': 'not told',
});

/** "Without a gain over the default, and not in a chart of gains, are 7 of 29 studies: 5 without a final comparison; 2 failed."; undefined where all have a gain. */
export function untoldGains({ studies }: Story): string | undefined {
  const reasons = new Map<string, number>();
  for (const each of studies) {
    const gain = gainOverDefault(each);
    if (isKnown(gain)) continue;
    const words = WITHOUT_GAIN[gain.unknown];
    reasons.set(words, (reasons.get(words) ?? 0) + 1);
  }
  if (reasons.size === 0) return undefined;
  const without = [...reasons.values()].reduce((sum, count) => sum + count, 0);
  const told = [...reasons].map(([words, count]) => `${formatCount(count)} ${words}`).join('; ');
  return `Without a gain over the default, and not in a chart of gains, ${without === 1 ? 'is' : 'are'} ${formatCount(without)} of ${countOf(studies.length, 'study', 'studies')}: ${told}.`;
}

/** A sentence on why some gains have no interval; undefined if all have one. */
export function untoldIntervals({ studies }: Story): string | undefined {
  const without = studies.filter(
    ({ findings, target }) =>
      targetKinds[target.kind].isSimulated && knownOr(findings?.gainOverDefault)?.low === null,
  );
  if (without.length === 0) return undefined;
  const names = [...new Set(without.map(({ target }) => target.name))];
  const [verb, whose] = names.length === 1 ? ['does', 'its'] : ['do', 'their'];
  return `Gains without an interval: ${listed(names)} ${verb} not say how well ${whose} figures are known.`;
}
