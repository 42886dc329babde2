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
      ...distinctRoofs(roofs).map((roof) => drawRoof(roof, Math.max(...tops), x, y)),
      drawWay(points, names, x, y),
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
function drawRoof(roof: Roofline['roofs'][number], top: number, x: Scale, y: Scale): string {
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
  const [across, up] = [(x1 + x2) / 2, (y1 + y2) / 2];
  // Left of the line, unless it would stand over the figures of the axis.
  const isLeft = across - 6 - roof.name.length * TEXT_WIDTH >= LEFT;
  return (
    element('line', { x1, x2, y1, y2, class: 'roof' }) +
    (isLeft
      ? label(across - 6, up - 4, roof.name, { anchor: 'end', kind: 'soft' })
      : label(across + 8, up + LINE, roof.name, { kind: 'soft' }))
  );
}

function drawWay(points: readonly RooflinePoint[], names: readonly string[], x: Scale, y: Scale): string {
  const places = points.map(({ intensity, gops }) => ({ left: x.at(intensity), top: y.at(gops) }));
  const line = places.map(
    ({ left, top }, place) => `${place === 0 ? 'M' : 'L'}${left.toFixed(1)},${top.toFixed(1)}`,
  );
  const isLast = (place: number): boolean => points[place].gops !== points[place + 1]?.gops;
  const namesAt = (place: number): string =>
    names.filter((_, other) => other <= place && points[other].gops === points[place].gops).join(', ');
  let above = Number.POSITIVE_INFINITY;
  const labels = places.flatMap(({ left, top }, place) => {
    if (!isLast(place)) return [];
    above = Math.min(top, above - LINE);
    return [label(left + 9, above + 4, namesAt(place), { kind: 'strong halo' })];
  });
  const dots = places.map(({ left, top }, place) => {
    const words = element('title', {}, escapeText(pointWords(points[place], names[place])));
    return element('circle', { cx: left, cy: top, r: 4, class: 'ring' }, words);
  });
  return [element('path', { d: line.join(''), class: 'curve' }), ...dots, ...labels].join('');
}
