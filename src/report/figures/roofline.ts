import type { Roofline, RooflinePoint } from '../../answers/why/roofline.ts';
import { element, escapeText } from '../../languages/markup.ts';
import { formatTimeUs } from '../../text/time-text.ts';
import { type Figure, TEXT_WIDTH } from '../svg/figure.ts';
import { label } from '../svg/label.ts';
import { logScale, type Scale } from '../svg/scale.ts';
import { formatMetric } from '../words/numbers.ts';
import { rungTitle } from '../words/rungs.ts';
import { HALF } from './_place.ts';

const HEIGHT = 250;
const TOP = 18;
const BOTTOM = 40;
const LEFT = 56;
const RIGHT = 92;
/** Labels stand at least so far apart, in pixels. */
const LINE = 13;

/** The way from the first rung to the last under the roofs of the machine, both axes logarithmic. */
export function plotRoofline(id: string, { intensity, roofs, points }: Roofline): Figure | undefined {
  if (points.length === 0) return undefined;
  const tops = roofs.flatMap((roof) => (roof.kind === 'compute' ? roof.gops : []));
  const ridges = roofs.flatMap((roof) =>
    roof.kind === 'bandwidth' ? Math.max(...tops) / roof.gigabytes : [],
  );
  const widths = [intensity, ...points.map((point) => point.intensity), ...ridges];
  const x = logScale([Math.min(...widths) / 4, Math.max(...widths) * 3], { from: LEFT, to: HALF - RIGHT }, 6);
  const heights = [...tops.map((top) => top * 1.3), ...points.map(({ gops }) => gops / 1.5)];
  const y = logScale(heights, { from: HEIGHT - BOTTOM, to: TOP }, 5);
  const names = points.map((_, place) => rungTitle(points, place));
  const way = wayNames(points, names, x, y);
  return {
    id,
    title: 'Roofline: the rungs under the roofs of the machine',
    description: [
      ...roofs.map((roof) =>
        roof.kind === 'compute'
          ? `${roof.name}: ${formatMetric(roof.gops)} GOPS in this kernel’s mix of operations`
          : `${roof.name}: ${formatMetric(roof.gigabytes)} GB/s`,
      ),
      ...points.map((point, place) => pointWords(point, names[place])),
    ].join('; '),
    width: HALF,
    height: HEIGHT,
    body: [
      ...axes(x, y),
      ...distinctRoofs(roofs).map((roof) => drawRoof(roof, Math.max(...tops), x, y, way)),
      drawWay(points, names, x, y, way),
    ].join(''),
  };
}

function pointWords({ gops, intensity, timeUs }: RooflinePoint, name: string): string {
  return `${name}: ${formatMetric(gops)} GOPS at ${formatMetric(intensity)} operations for a byte, ${formatTimeUs(timeUs)}`;
}

function axes(x: Scale, y: Scale): readonly string[] {
  const across = y.ticks.map(
    (tick) =>
      element('line', { x1: LEFT, x2: HALF - RIGHT, y1: y.at(tick), y2: y.at(tick), class: 'grid' }) +
      label(LEFT - 8, y.at(tick) + 4, formatMetric(tick), { anchor: 'end', kind: 'tick' }),
  );
  const below = x.ticks.map((tick) =>
    label(x.at(tick), HEIGHT - BOTTOM + 16, String(tick), { anchor: 'middle', kind: 'tick' }),
  );
  return [
    ...across,
    ...below,
    label(0, 10, 'GOPS (log)', { kind: 'tick' }),
    label(HALF - RIGHT, HEIGHT - 4, 'operations for a byte (log)', { anchor: 'end', kind: 'tick' }),
  ];
}

/** Roofs at the same height are one line with both names. */
function distinctRoofs(roofs: Roofline['roofs']): Roofline['roofs'] {
  const heightOf = (roof: Roofline['roofs'][number]): string =>
    roof.kind === 'compute' ? `compute ${roof.gops}` : `bandwidth ${roof.gigabytes.toPrecision(3)}`;
  const byHeight = new Map<string, Roofline['roofs'][number]>();
  for (const roof of roofs) {
    const known = byHeight.get(heightOf(roof));
    byHeight.set(
      heightOf(roof),
      known === undefined ? roof : { ...known, name: `${known.name}, ${roof.name}` },
    );
  }
  return [...byHeight.values()];
}

/** A bandwidth rises until the highest roof; compute is level from where the first bandwidth allows it. */
/** Where the name of a sloped roof may stand, as shares of the way up. */
const UP_THE_LINE = [0.5, 0.65, 0.8, 0.95, 0.35, 0.2];

type Words = Readonly<{ left: number; baseline: number; words: string }>;

function touch(a: Words, b: Words): boolean {
  const right = ({ left, words }: Words): number => left + words.length * TEXT_WIDTH;
  return Math.abs(a.baseline - b.baseline) < LINE && a.left < right(b) && b.left < right(a);
}

/** The names of the rungs, each at the last of the points of its height. */
function wayNames(
  points: readonly RooflinePoint[],
  names: readonly string[],
  x: Scale,
  y: Scale,
): readonly Words[] {
  const isLast = (place: number): boolean => points[place].gops !== points[place + 1]?.gops;
  const namesAt = (place: number): string =>
    names.filter((_, other) => other <= place && points[other].gops === points[place].gops).join(', ');
  let above = Number.POSITIVE_INFINITY;
  return points.flatMap(({ intensity, gops }, place) => {
    if (!isLast(place)) return [];
    above = Math.min(y.at(gops), above - LINE);
    return [{ left: x.at(intensity) + 9, baseline: above + 4, words: namesAt(place) }];
  });
}

function drawRoof(
  roof: Roofline['roofs'][number],
  top: number,
  x: Scale,
  y: Scale,
  way: readonly Words[],
): string {
  if (roof.kind === 'compute') {
    const height = y.at(roof.gops);
    return (
      element('line', { x1: LEFT, x2: HALF - RIGHT, y1: height, y2: height, class: 'roof' }) +
      roof.name
        .split(', ')
        .map((name, line) => label(HALF - RIGHT + 6, height + 4 + line * LINE, name, { kind: 'soft' }))
        .join('')
    );
  }
  const from = Math.max(x.from, y.from / roof.gigabytes);
  const to = Math.min(x.to, top / roof.gigabytes);
  if (to <= from) return '';
  const [x1, x2, y1, y2] = [
    x.at(from),
    x.at(to),
    y.at(from * roof.gigabytes),
    y.at(Math.max(y.from, to * roof.gigabytes)),
  ];
  // Left of the line or right of it, where it stands over neither the figures of the axis nor the names of rungs.
  const places = UP_THE_LINE.flatMap((share): readonly Words[] => {
    const [across, up] = [x1 + share * (x2 - x1), y1 + share * (y2 - y1)];
    const width = roof.name.length * TEXT_WIDTH;
    return [
      { left: across - 6 - width, baseline: up - 4, words: roof.name },
      { left: across + 8, baseline: up + LINE, words: roof.name },
    ];
  });
  const isFree = (place: Words): boolean => place.left >= LEFT && !way.some((other) => touch(place, other));
  const { left, baseline, words } = places.find(isFree) ?? places[1];
  return element('line', { x1, x2, y1, y2, class: 'roof' }) + label(left, baseline, words, { kind: 'soft' });
}

function drawWay(
  points: readonly RooflinePoint[],
  names: readonly string[],
  x: Scale,
  y: Scale,
  way: readonly Words[],
): string {
  const places = points.map(({ intensity, gops }) => ({ left: x.at(intensity), top: y.at(gops) }));
  const line = places.map(
    ({ left, top }, place) => `${place === 0 ? 'M' : 'L'}${left.toFixed(1)},${top.toFixed(1)}`,
  );
  const labels = way.map(({ left, baseline, words }) =>
    label(left, baseline, words, { kind: 'strong halo' }),
  );
  const dots = places.map(({ left, top }, place) => {
    const words = element('title', {}, escapeText(pointWords(points[place], names[place])));
    return element('circle', { cx: left, cy: top, r: 4, class: 'ring' }, words);
  });
  return [element('path', { d: line.join(''), class: 'curve' }), ...dots, ...labels].join('');
}
