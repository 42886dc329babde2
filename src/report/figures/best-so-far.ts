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
export type ImprovementCurve = Readonly<{
  trials: number;
  improvements: readonly Improvement[];
  /** Timed trials, by how many were settled with them: all, or of many some that are spread over them. */
  dots?: readonly Improvement[];
}>;

const HEIGHT = 200;
const TOP = 18;
const BOTTOM = 34;
const LEFT = 64;
const RIGHT = 100;
/** Between the lines of words at the right edge. */
const LINE = 14;

/**
 * Microseconds; null where nothing is known. What to use is timed by the final comparison; the default, too, or before one as
 * it was screened.
 */
type OtherTimes = Readonly<{ useUs: number | null; defaultUs: number | null }>;

/**
 * A staircase of the fastest trial's time as it was screened, over the trials as dots, with the times of the default and of
 * what to use. Undefined if nothing was timed.
 */
export function plotBestSoFar(id: string, curve: ImprovementCurve, others: OtherTimes): Figure | undefined {
  const last = curve.improvements.at(-1);
  if (last === undefined) return undefined;
  return forBothWidths((page) => plotFor(page === 'wide' ? HALF : PHONE, id, curve, others, last));
}

function plotFor(
  width: number,
  id: string,
  { trials, improvements, dots = [] }: ImprovementCurve,
  { useUs, defaultUs }: OtherTimes,
  last: Improvement,
): Figure {
  const right = width - RIGHT;
  const known = [useUs, defaultUs].filter((timeUs) => timeUs !== null);
  const times = [...improvements, ...dots].map(({ timeUs }) => timeUs);
  const x = linearScale([0, Math.max(trials, 2)], { from: LEFT, to: right }, width / 80);
  const y = logScale([...times, ...known], { from: HEIGHT - BOTTOM, to: TOP }, 5);
  const unit = timeUnitFor([last.timeUs, ...known]);
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
        });
  const fastest = formatTimeUs(last.timeUs, unit);
  const use = useUs === null ? null : formatTimeUs(useUs, unit);
  return {
    id,
    title: 'Fastest trial so far, as it was screened',
    description: [
      `The fastest of ${countOf(trials, 'trial')} took ${fastest} as it was screened, at trial ${last.trials}.`,
      ...(use === null ? [] : [`In the final comparison what to use takes ${use}.`]),
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
      dots.length === 0
        ? ''
        : element('path', {
            d: dots.map((dot) => `M${at(x.at(dot.trials))},${at(y.at(dot.timeUs))}h0`).join(''),
            class: 'points',
          }),
      element('path', { d: `${steps.join('')}H${at(x.at(trials))}`, class: 'curve' }),
      element('circle', { cx: x.at(last.trials), cy: y.at(last.timeUs), r: 4, class: 'ring' }),
      useUs === null ? '' : element('circle', { cx: right, cy: y.at(useUs), r: 4, class: 'dot' }),
      ...besides(right + 10, [
        ...(defaultUs === null ? [] : [{ y: y.at(defaultUs), words: 'default', kind: 'soft' }]),
        ...(use === fastest
          ? []
          : [{ y: y.at(last.timeUs), words: fastest, kind: use === null ? 'strong' : 'soft' }]),
        ...(useUs === null ? [] : [{ y: y.at(useUs), words: `use ${use}`, kind: 'strong' }]),
      ]),
    ].join(''),
  };
}

/** Words at the right of what they are of, apart from each other, from the top down to the axis. */
function besides(
  x: number,
  words: readonly Readonly<{ y: number; words: string; kind: string }>[],
): readonly string[] {
  const sorted = words.toSorted((a, b) => b.y - a.y);
  let below = HEIGHT - BOTTOM + LINE;
  return sorted.map(({ y, words: text, kind }) => {
    below = Math.min(y, below - LINE);
    return label(x, below + 4, text, { kind });
  });
}

function at(pixels: number): string {
  return String(Math.round(pixels * 100) / 100);
}
