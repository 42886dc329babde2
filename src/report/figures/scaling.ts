import { isKnown, knownOr } from '../../../tuner/attribution/gain.ts';
import type { ScalingDocument } from '../../documents/scaling.ts';
import { element } from '../../languages/markup.ts';
import { formatCount } from '../../text/number-text.ts';
import { MECHANISM_NAMES } from '../story/gain-words.ts';
import type { Figure } from '../svg/figure.ts';
import { label } from '../svg/label.ts';
import { logScale } from '../svg/scale.ts';
import { formatGain } from '../words/numbers.ts';
import { HALF } from './_place.ts';
import { formatTick } from './ladder.ts';

const HEIGHT = 230;
const TOP = 18;
const BOTTOM = 36;
const LEFT = 52;
const RIGHT = 60;

/** A mechanism's forced gain against size, both logarithmic, with its interval as a band. */
export function plotScaling(
  id: string,
  { mechanism, sizes, breakEven }: ScalingDocument,
): Figure | undefined {
  const points = sizes.flatMap(({ elements, forced }) =>
    isKnown(forced) ? [{ elements, gain: forced }] : [],
  );
  if (points.length < 2) return undefined;
  const name = MECHANISM_NAMES[mechanism];
  const x = logScale(
    points.map(({ elements }) => elements),
    { from: LEFT, to: HALF - RIGHT },
    7,
  );
  const gains = points.flatMap(({ gain: { value, low, high } }) => [value, low ?? value, high ?? value]);
  const y = logScale([1, ...gains], { from: HEIGHT - BOTTOM, to: TOP }, 5);
  const place = (elements: number, gain: number): string => `${at(x.at(elements))},${at(y.at(gain))}`;
  const upper = points.map(({ elements, gain }) => place(elements, gain.high ?? gain.value));
  const lower = points.map(({ elements, gain }) => place(elements, gain.low ?? gain.value)).reverse();
  return {
    id,
    title: `Gain of ${name} against size`,
    description: `${sizes.map(({ elements, forced }) => `${formatCount(elements)} elements: ${formatGain(forced)}`).join('; ')}.${!isKnown(breakEven) ? '' : ` It pays from about ${formatSize(breakEven)} elements.`}`,
    width: HALF,
    height: HEIGHT,
    body: [
      ...y.ticks.map(
        (tick) =>
          element('line', { x1: LEFT, x2: HALF - RIGHT, y1: y.at(tick), y2: y.at(tick), class: 'grid' }) +
          label(LEFT - 8, y.at(tick) + 4, formatTick(tick), { anchor: 'end', kind: 'tick' }),
      ),
      ...x.ticks.map((tick) =>
        label(x.at(tick), HEIGHT - BOTTOM + 17, formatSize(tick), { anchor: 'middle', kind: 'tick' }),
      ),
      label(HALF - RIGHT, HEIGHT - 3, 'elements (log)', { anchor: 'end', kind: 'tick' }),
      element('line', { x1: LEFT, x2: HALF - RIGHT, y1: y.at(1), y2: y.at(1), class: 'axis' }),
      label(HALF - RIGHT + 6, y.at(1) + 4, 'pays ↑', { kind: 'soft' }),
      element('polygon', { points: [...upper, ...lower].join(' '), class: `${mechanism} band` }),
      element('polyline', {
        points: points.map(({ elements, gain }) => place(elements, gain.value)).join(' '),
        class: `curve ${mechanism}-line`,
      }),
      ...points.map(({ elements, gain }) =>
        element('circle', { cx: x.at(elements), cy: y.at(gain.value), r: 3.5, class: mechanism }),
      ),
      breakEvenMark(knownOr(breakEven), x, y.at(1)),
    ].join(''),
  };
}

function breakEvenMark(
  breakEven: number | null,
  x: Readonly<{ at(value: number): number }>,
  y: number,
): string {
  if (breakEven === null) return '';
  const isRight = x.at(breakEven) > HALF / 2;
  return (
    element('line', {
      x1: x.at(breakEven),
      x2: x.at(breakEven),
      y1: TOP,
      y2: HEIGHT - BOTTOM,
      class: 'dashed',
    }) +
    element('circle', { cx: x.at(breakEven), cy: y, r: 4.5, class: 'ring' }) +
    // Left of it the curve is below 1×, right of it above: these two corners are free.
    label(
      x.at(breakEven) + (isRight ? -7 : 7),
      isRight ? TOP + 8 : HEIGHT - BOTTOM - 6,
      `break-even ≈ ${formatSize(breakEven)}`,
      {
        kind: 'soft',
        anchor: isRight ? 'end' : 'start',
      },
    )
  );
}

/** 1k, 16k, 1M */
function formatSize(size: number): string {
  if (size >= 1e6) return `${Number((size / 1e6).toPrecision(3))}M`;
  return size >= 1000 ? `${Number((size / 1000).toPrecision(3))}k` : String(size);
}

function at(pixels: number): string {
  return String(Math.round(pixels * 100) / 100);
}
