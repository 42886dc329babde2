import type { LadderRung } from '../../../tuner/attribution/findings.ts';
import { causeWords } from './causes.ts';

type Named = Pick<LadderRung, 'rung'>;

/** What a rung adds to the one before, "mt"; of the first rung, its name. */
export function addedBy(rungs: readonly Named[], place: number): string {
  const { rung } = rungs[place];
  if (place === 0) return rung;
  const before = rungs[place - 1].rung.split('+');
  return (
    rung
      .split('+')
      .filter((mechanism) => !before.includes(mechanism))
      .at(-1) ?? rung
  );
}

/** "scalar", then "+vec", "+mt", … */
export function rungTitle(rungs: readonly Named[], place: number): string {
  return place === 0 ? addedBy(rungs, 0) : `+${addedBy(rungs, place)}`;
}

/** "+vec: 46.9× = issue 12.0× · stalls 3.90×": what each step consists of, and what it rests on. */
export function stepSentences(rungs: readonly LadderRung[]): readonly string[] {
  return rungs.flatMap(({ gainOverPrevious }, place) =>
    place === 0 ? [] : causeWords(gainOverPrevious).map((words) => `${rungTitle(rungs, place)}: ${words}`),
  );
}
