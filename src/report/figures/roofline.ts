import type { Roofline, RooflinePoint } from '../../answers/why/roofline.ts';
import { element, escapeText } from '../../languages/markup.ts';
import { formatTimeUs, type TimeUnit, timeUnitFor } from '../../text/time-text.ts';
import { type Figure, forBothWidths, TEXT_WIDTH } from '../svg/figure.ts';
import { label } from '../svg/label.ts';
import { freePlace, type Stroke, type Words } from '../svg/placing.ts';
import { logScale, type Scale, tickText } from '../svg/scale.ts';
import { formatMetric } from '../words/numbers.ts';
import { rungTitle } from '../words/rungs.ts';
import { HALF, PHONE } from './_place.ts';

const HEIGHT = 250;
const TOP = 18;
const BOTTOM = 40;
const LEFT = 56;
const RIGHT = 92;
/** Lines of words stand at least so far apart, in pixels. */
const LINE = 13;
/** Of the ring at a point, and what is left free around it. */
const RING = 8;

/** The way from the first rung to the last under the roofs of the machine, both axes logarithmic. */
export function plotRoofline(id: string, roofline: Roofline): Figure | undefined {
  if (roofline.points.length === 0) return undefined;
  return forBothWidths((page) => plotFor(page === 'wide' ? HALF : PHONE, id, roofline));
}

type Plane = Readonly<{ x: Scale; y: Scale; right: number }>;

function plotFor(width: number, id: string, { intensity, roofs, points }: Roofline): Figure {
  const tops = roofs.flatMap((roof) => (roof.kind === 'compute' ? roof.gops : []));
  const ridges = roofs.flatMap((roof) =>
    roof.kind === 'bandwidth' ? Math.max(...tops) / roof.gigabytes : [],
  );
  const widths = [intensity, ...points.map((point) => point.intensity), ...ridges];
  const right = width - RIGHT;
  const x = logScale([Math.min(...widths) / 4, Math.max(...widths) * 3], { from: LEFT, to: right }, 6);
  const heights = [...tops.map((top) => top * 1.3), ...points.map(({ gops }) => gops / 1.5)];
  const y = logScale(heights, { from: HEIGHT - BOTTOM, to: TOP }, 5);
  const plane = { x, y, right };
  const names = points.map((_, place) => rungTitle(points, place));
  const drawn = distinctRoofs(roofs).flatMap((roof) => lineOf(roof, Math.max(...tops), plane));
  return {
    id,
    title: 'Roofline: the rungs under the roofs of the machine',
    description: [
      ...roofs.map((roof) =>
        roof.kind === 'compute'
          ? `${roof.name}: ${formatMetric(roof.gops)} GOPS in this kernel’s mix of operations`
          : `${roof.name}: ${formatMetric(roof.gigabytes)} GB/s`,
      ),
      ...points.map((point, place) =>
        pointWords(point, names[place], timeUnitFor(points.map(({ timeUs }) => timeUs))),
      ),
    ].join('; '),
    width,
    height: HEIGHT,
    body: [
      ...axes(plane),
      ...drawn.map(({ line }) => element('line', { ...line, class: 'roof' })),
      ...wayOf(points, names, plane),
      ...namesOf(points, names, drawn, plane),
    ].join(''),
  };
}

function pointWords({ gops, intensity, timeUs }: RooflinePoint, name: string, unit: TimeUnit): string {
  return `${name}: ${formatMetric(gops)} GOPS at ${formatMetric(intensity)} operations for a byte, ${formatTimeUs(timeUs, unit)}`;
}

function axes({ x, y, right }: Plane): readonly string[] {
  const across = y.ticks.map(
    (tick) =>
      element('line', { x1: LEFT, x2: right, y1: y.at(tick), y2: y.at(tick), class: 'grid' }) +
      label(LEFT - 8, y.at(tick) + 4, formatMetric(tick), { anchor: 'end', kind: 'tick' }),
  );
  const below = x.ticks.map((tick) =>
    label(x.at(tick), HEIGHT - BOTTOM + 16, tickText(tick), { anchor: 'middle', kind: 'tick' }),
  );
  return [
    ...across,
    ...below,
    label(0, 10, 'GOPS (log)', { kind: 'tick' }),
    label(right, HEIGHT - 4, 'operations for a byte (log)', { anchor: 'end', kind: 'tick' }),
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

type DrawnRoof = Readonly<{ roof: Roofline['roofs'][number]; line: Stroke }>;

/** A bandwidth rises until the highest roof; compute is level. Nothing of one that lies outside. */
function lineOf(roof: Roofline['roofs'][number], top: number, { x, y, right }: Plane): readonly DrawnRoof[] {
  if (roof.kind === 'compute') {
    const height = y.at(roof.gops);
    return [{ roof, line: { x1: LEFT, x2: right, y1: height, y2: height } }];
  }
  const from = Math.max(x.from, y.from / roof.gigabytes);
  const to = Math.min(x.to, top / roof.gigabytes);
  if (to <= from) return [];
  const [y1, y2] = [from * roof.gigabytes, Math.max(y.from, to * roof.gigabytes)].map(y.at);
  return [{ roof, line: { x1: x.at(from), x2: x.at(to), y1, y2 } }];
}

function wayOf(points: readonly RooflinePoint[], names: readonly string[], plane: Plane): readonly string[] {
  const line = waySegments(points, plane).map(
    ({ x2, y2 }, place) => `${place === 0 ? '' : 'L'}${x2.toFixed(1)},${y2.toFixed(1)}`,
  );
  const [first] = points;
  const start = `M${plane.x.at(first.intensity).toFixed(1)},${plane.y.at(first.gops).toFixed(1)}`;
  const dots = points.map((point, place) => {
    const words = element(
      'title',
      {},
      escapeText(pointWords(point, names[place], timeUnitFor(points.map(({ timeUs }) => timeUs)))),
    );
    return element(
      'circle',
      { cx: plane.x.at(point.intensity), cy: plane.y.at(point.gops), r: 4, class: 'ring' },
      words,
    );
  });
  return [
    element('path', { d: line.length === 0 ? start : `${start}L${line.join('')}`, class: 'curve' }),
    ...dots,
  ];
}

function waySegments(points: readonly RooflinePoint[], { x, y }: Plane): readonly Stroke[] {
  return points.slice(1).map((point, place) => ({
    x1: x.at(points[place].intensity),
    y1: y.at(points[place].gops),
    x2: x.at(point.intensity),
    y2: y.at(point.gops),
  }));
}

/** All names, none of which stands on a roof, on the way, on a point or on another name, as far as there is room. */
function namesOf(
  points: readonly RooflinePoint[],
  names: readonly string[],
  roofs: readonly DrawnRoof[],
  plane: Plane,
): readonly string[] {
  const beside = roofs.flatMap(({ roof, line }) =>
    roof.kind === 'compute' ? besideRoof(roof.name, line.y1, plane) : [],
  );
  const lines = [...roofs.map(({ line }) => line), ...waySegments(points, plane), ...rings(points, plane)];
  const placed: Words[] = [...beside];
  const put = (places: readonly Words[]): Words => {
    const found = freePlace(places, { lines, words: placed, left: LEFT, right: plane.right + RIGHT });
    placed.push(found);
    return found;
  };
  const rungs = rungNames(points, names).map(({ point, words }) => put(aroundPoint(point, words, plane)));
  const slopes = roofs.flatMap(({ roof, line }) =>
    roof.kind === 'compute' ? [] : put(alongLine(roof.name, line)),
  );
  return [
    ...[...beside, ...slopes].map(({ left, baseline, words }) =>
      label(left, baseline, words, { kind: 'soft' }),
    ),
    ...rungs.map(({ left, baseline, words }) => label(left, baseline, words, { kind: 'strong halo' })),
  ];
}

/** The names of level roofs, right of the plane. */
function besideRoof(names: string, height: number, { right }: Plane): readonly Words[] {
  return names
    .split(', ')
    .map((words, line) => ({ left: right + 6, baseline: height + 4 + line * LINE, words }));
}

/** The edges of rings at points, so that no words stand there. */
function rings(points: readonly RooflinePoint[], { x, y }: Plane): readonly Stroke[] {
  return points.flatMap(({ intensity, gops }) => {
    const [across, down] = [x.at(intensity), y.at(gops)];
    return [-RING / 2, RING / 2].map((off) => ({
      x1: across - RING / 2,
      x2: across + RING / 2,
      y1: down + off,
      y2: down + off,
    }));
  });
}

/** Rungs of one height share a name, at the last of them. */
function rungNames(
  points: readonly RooflinePoint[],
  names: readonly string[],
): readonly Readonly<{ point: RooflinePoint; words: string }>[] {
  return points.flatMap((point, place) => {
    if (point.gops === points[place + 1]?.gops) return [];
    const same = names.filter((_, other) => other <= place && points[other].gops === point.gops);
    return [{ point, words: same.join(', ') }];
  });
}

/** Places for the name of a point: beside it, then above and below, then farther away. */
function aroundPoint({ intensity, gops }: RooflinePoint, words: string, { x, y }: Plane): readonly Words[] {
  const [across, down] = [x.at(intensity), y.at(gops)];
  const wide = words.length * TEXT_WIDTH;
  const sides = [across + RING + 1, across - RING - 1 - wide, across - wide / 2];
  return [4, -8, 16, -20, 28, -32, 40].flatMap((off) =>
    sides
      // Right above or below the point only where it is not in the point.
      .filter((_, side) => side < 2 || Math.abs(off) >= 16 || off === -8)
      .map((left) => ({ left, baseline: down + off, words })),
  );
}

/** Places for the name of a sloped roof: left of it or right of it, so far up. */
const UP_THE_LINE = [0.5, 0.65, 0.8, 0.95, 0.35, 0.2];

function alongLine(words: string, { x1, y1, x2, y2 }: Stroke): readonly Words[] {
  const wide = words.length * TEXT_WIDTH;
  return UP_THE_LINE.flatMap((share) => {
    const [across, up] = [x1 + share * (x2 - x1), y1 + share * (y2 - y1)];
    return [
      { left: across - 6 - wide, baseline: up - 4, words },
      { left: across + 8, baseline: up + LINE, words },
    ];
  });
}
