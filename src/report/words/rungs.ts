import type { LadderRung } from '../../../tuner/attribution/findings.ts';

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
