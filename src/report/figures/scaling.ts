import { type Gain, isKnown, knownOr } from '../../../tuner/attribution/gain.ts';
import type { ScalingDocument } from '../../documents/scaling.ts';
import { element, escapeText } from '../../languages/markup.ts';
import { formatCount } from '../../text/number-text.ts';
import { MECHANISM_NAMES } from '../story/gain-words.ts';
import { type Figure, forBothWidths } from '../svg/figure.ts';
import { label } from '../svg/label.ts';
import { logScale } from '../svg/scale.ts';
import { formatGain } from '../words/numbers.ts';
import { HALF, PHONE } from './_place.ts';
import { formatTick } from './ladder.ts';

const HEIGHT = 230;
const TOP = 18;
const BOTTOM = 36;
const LEFT = 52;
const RIGHT = 60;

type Point = Readonly<{ shape: string; elements: number; gain: Gain }>;

/**
 * A mechanism's forced gain against size, both logarithmic, with its interval as a band. Shapes of one size have a point
 * each; the line goes through their geometric mean.
 */
export function plotScaling(id: string, document: ScalingDocument): Figure | undefined {
  const points = document.sizes.flatMap(({ shape, elements, forced }) =>
    isKnown(forced) ? [{ shape, elements, gain: forced }] : [],
  );
  if (points.length < 2) return undefined;
  return forBothWidths((page) => plotFor(page === 'wide' ? HALF : PHONE, id, document, points));
}

function plotFor(
  width: number,
  id: string,
  { mechanism, sizes, breakEven }: ScalingDocument,
  points: readonly Point[],
): Figure {
  const name = MECHANISM_NAMES[mechanism];
  const right = width - RIGHT;
  const x = logScale(
    points.map(({ elements }) => elements),
    { from: LEFT, to: right },
    width / 65,
  );
  const gains = points.flatMap(({ gain: { value, low, high } }) => [value, low ?? value, high ?? value]);
  const y = logScale([1, ...gains], { from: HEIGHT - BOTTOM, to: TOP }, 5);
  const place = (elements: number, gain: number): string => `${at(x.at(elements))},${at(y.at(gain))}`;
  const middles = bySize(points);
  const upper = middles.map(({ elements, high }) => place(elements, high));
  const lower = middles.map(({ elements, low }) => place(elements, low)).reverse();
  const line = middles.length === points.length ? '' : '; line: mean of each size';
  return {
    id,
    title: `Gain of ${name} against size${line}`,
    description: `${sizes.map(({ shape, elements, forced }) => `${shape}, ${formatCount(elements)} elements: ${formatGain(forced)}`).join('; ')}.${!isKnown(breakEven) ? '' : ` It pays from about ${formatSize(breakEven)} elements.`}`,
    width,
    height: HEIGHT,
    body: [
      ...y.ticks.map(
        (tick) =>
          element('line', { x1: LEFT, x2: right, y1: y.at(tick), y2: y.at(tick), class: 'grid' }) +
          label(LEFT - 8, y.at(tick) + 4, formatTick(tick), { anchor: 'end', kind: 'tick' }),
      ),
      ...x.ticks.map((tick) =>
        label(x.at(tick), HEIGHT - BOTTOM + 17, formatSize(tick), { anchor: 'middle', kind: 'tick' }),
      ),
      label(right, HEIGHT - 3, 'elements (log)', { anchor: 'end', kind: 'tick' }),
      element('line', { x1: LEFT, x2: right, y1: y.at(1), y2: y.at(1), class: 'axis' }),
      label(right + 6, y.at(1) + 4, 'pays ↑', { kind: 'soft' }),
      element('polygon', { points: [...upper, ...lower].join(' '), class: `${mechanism} band` }),
      element('polyline', {
        points: middles.map(({ elements, value }) => place(elements, value)).join(' '),
        class: `curve ${mechanism}-line`,
      }),
      ...points.map(({ shape, elements, gain }) =>
        element(
          'circle',
          { cx: x.at(elements), cy: y.at(gain.value), r: 3.5, class: mechanism },
          element('title', {}, escapeText(`${shape}: ${formatGain(gain)}`)),
        ),
      ),
      breakEvenMark(knownOr(breakEven), x, y.at(1), width),
    ].join(''),
  };
}

/** Of the shapes of each size the geometric mean of their gains, and the ends of all their intervals. */
function bySize(points: readonly Point[]) {
  return [...new Set(points.map(({ elements }) => elements))].map((elements) => {
    const gains = points.filter((point) => point.elements === elements).map(({ gain }) => gain);
    const logs = gains.reduce((sum, { value }) => sum + Math.log(value), 0);
    return {
      elements,
      value: Math.exp(logs / gains.length),
      low: Math.min(...gains.map(({ value, low }) => low ?? value)),
      high: Math.max(...gains.map(({ value, high }) => high ?? value)),
    };
  });
}

function breakEvenMark(
  breakEven: number | null,
  x: Readonly<{ at(value: number): number }>,
  y: number,
  width: number,
): string {
  if (breakEven === null) return '';
  const isRight = x.at(breakEven) > width / 2;
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
