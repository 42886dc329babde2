import type { Improvement } from '../../../store/study-store.ts';
import { element } from '../../languages/markup.ts';
import { formatCount } from '../../text/number-text.ts';
import { formatTimeUs, timeUnitFor } from '../../text/time-text.ts';
import { type Figure, forBothWidths } from '../svg/figure.ts';
import { label } from '../svg/label.ts';
import { linearScale, logScale, tickText } from '../svg/scale.ts';
import { countOf } from '../words/numbers.ts';
import { HALF, PHONE } from './_place.ts';

/** How the fastest time fell over a study's settled trials. */
export type ImprovementCurve = Readonly<{ trials: number; improvements: readonly Improvement[] }>;

const HEIGHT = 200;
const TOP = 18;
const BOTTOM = 34;
const LEFT = 64;
const RIGHT = 84;

/** What the final comparison says, microseconds; null where it says nothing. */
type ComparedTimes = Readonly<{ useUs: number | null; defaultUs: number | null }>;

/**
 * A staircase of the fastest trial's time as it was screened, with the default's time as it was compared. Undefined if
 * nothing was timed.
 */
export function plotBestSoFar(
  id: string,
  curve: ImprovementCurve,
  compared: ComparedTimes,
): Figure | undefined {
  const last = curve.improvements.at(-1);
  if (last === undefined) return undefined;
  return forBothWidths((page) => plotFor(page === 'wide' ? HALF : PHONE, id, curve, compared, last));
}

function plotFor(
  width: number,
  id: string,
  { trials, improvements }: ImprovementCurve,
  { useUs, defaultUs }: ComparedTimes,
  last: Improvement,
): Figure {
  const right = width - RIGHT;
  const times = improvements.map(({ timeUs }) => timeUs);
  const x = linearScale([0, Math.max(trials, 2)], { from: LEFT, to: right }, width / 80);
  const y = logScale(
    defaultUs === null ? times : [...times, defaultUs],
    { from: HEIGHT - BOTTOM, to: TOP },
    5,
  );
  const unit = timeUnitFor([last.timeUs, ...[useUs, defaultUs].filter((timeUs) => timeUs !== null)]);
  const grid = y.ticks.map(
    (tick) =>
      element('line', { x1: LEFT, x2: right, y1: y.at(tick), y2: y.at(tick), class: 'grid' }) +
      label(LEFT - 8, y.at(tick) + 4, tickText(Number((tick / unit.us).toPrecision(6))), {
        anchor: 'end',
        kind: 'tick',
      }),
  );
  const below = x.ticks
    .filter(Number.isInteger)
    .map((tick) =>
      label(x.at(tick), HEIGHT - BOTTOM + 17, formatCount(tick), { anchor: 'middle', kind: 'tick' }),
    );
  const steps = improvements.map(
    (point, place) =>
      `${place === 0 ? 'M' : 'H'}${at(x.at(point.trials))}${place === 0 ? ',' : 'V'}${at(y.at(point.timeUs))}`,
  );
  const preferred =
    defaultUs === null
      ? ''
      : element('line', {
          x1: LEFT,
          x2: right,
          y1: y.at(defaultUs),
          y2: y.at(defaultUs),
          class: 'dashed',
        }) + label(right + 8, y.at(defaultUs) + 4, 'default', { kind: 'soft' });
  return {
    id,
    title: 'Fastest trial so far, as it was screened',
    description: [
      `The fastest of ${countOf(trials, 'trial')} took ${formatTimeUs(last.timeUs, unit)} as it was screened, at trial ${last.trials}.`,
      ...(useUs === null ? [] : [`In the final comparison what to use takes ${formatTimeUs(useUs, unit)}.`]),
      ...(defaultUs === null ? [] : [`The default takes ${formatTimeUs(defaultUs, unit)}.`]),
    ].join(' '),
    width,
    height: HEIGHT,
    body: [
      ...grid,
      ...below,
      label(right, HEIGHT - 2, 'trials', { anchor: 'end', kind: 'tick' }),
      label(0, 10, `${unit.name} (log)`, { kind: 'tick' }),
      preferred,
      element('path', { d: `${steps.join('')}H${at(x.at(trials))}`, class: 'curve' }),
      element('circle', { cx: x.at(last.trials), cy: y.at(last.timeUs), r: 4, class: 'ring' }),
      label(right + 8, y.at(last.timeUs) + 4, formatTimeUs(last.timeUs, unit), {
        kind: 'strong',
      }),
    ].join(''),
  };
}

function at(pixels: number): string {
  return String(Math.round(pixels * 100) / 100);
}
