import { draw } from '../dom.js';
import { rangeOf, scaleOf } from './scale.js';

/** @import { Axis, Scale } from './scale.js' */

/**
 * A point that can be reached by pointer and keyboard; `text` says what it is.
 * @typedef {Readonly<{ x: number, y: number, text: string }>} Point
 */
/**
 * What a plane shows. `tone` is a colour of the style sheet. Steps hold their value until the next point, and the last
 * until `to`.
 * @typedef {Readonly<{ kind: 'dots', name: string, tone: string, points: readonly Point[] }>
 *   | Readonly<{ kind: 'steps', name: string, tone: string, isDashed?: boolean, points: readonly Point[], to: number }>
 *   | Readonly<{ kind: 'line', name: string, tone: string, isDashed?: boolean, points: readonly Point[] }>
 *   | Readonly<{ kind: 'spot', name: string, tone: string, point: Point }>} Mark
 */
/**
 * A column of labelled values beside the plane, on its y axis, where they come from elsewhere than what is drawn over x.
 * @typedef {Readonly<{ title: string, values: readonly Readonly<{ name: string, tone: string, y: number }>[] }>} Aside
 */
/** @typedef {Readonly<{ label: string, x: Axis, y: Axis, marks: readonly Mark[], aside?: Aside }>} Plane */
/** @typedef {Readonly<{ x: Scale, y: Scale, left: number, right: number, bottom: number, width: number }>} Frame */

export const PLANE_HEIGHT = 260;
const TOP = 22;
const BOTTOM = 40;
/** Beside the plane: what its longest label needs, with the mark before it. */
const LETTER = 7.2;
const MARK = 28;
/** Labels of neighbours are at least so far apart. */
const LINE = 15;

/** @param {Mark} mark */
export function pointsOf(mark) {
  return mark.kind === 'spot' ? [mark.point] : mark.points;
}

/**
 * Where everything is placed: the whole plane, or a part of its x axis.
 * @param {Plane} plane
 * @param {number} width
 * @param {readonly [number, number] | undefined} part
 * @returns {Frame | undefined}
 */
export function frameOf({ x, y, marks, aside }, width, part) {
  const points = marks.flatMap(pointsOf);
  const ends = marks.flatMap((mark) => (mark.kind === 'steps' ? [mark.to] : []));
  const xs = rangeOf(x, [...points.map((point) => point.x), ...ends]);
  const inPart =
    part === undefined ? points : points.filter((point) => point.x >= part[0] && point.x <= part[1]);
  const others = (aside?.values ?? []).map((value) => value.y);
  const ys = rangeOf(y, [...(inPart.length === 0 ? points : inPart).map((point) => point.y), ...others]);
  if (xs === undefined || ys === undefined) return undefined;
  const [top, bottom] = [TOP, PLANE_HEIGHT - BOTTOM];
  const yScale = scaleOf(y, ys, [bottom, top], 6);
  const longest = Math.max(3, ...yScale.ticks.map((tick) => y.text(tick).length));
  const left = 14 + 6.6 * longest;
  const names = (aside?.values ?? []).map(({ name }) => name.length);
  const right = width - (aside === undefined ? 10 : MARK + LETTER * Math.max(12, ...names));
  return { x: scaleOf(x, part ?? xs, [left, right], width / 90), y: yScale, left, right, bottom, width };
}

/**
 * @param {Plane} plane
 * @param {Frame} frame
 */
export function drawPlane({ x, y, marks, aside }, frame) {
  const { left, right, bottom, width } = frame;
  const clip = `inside-${Math.round(left)}-${Math.round(right)}`;
  return [
    draw(
      'clipPath',
      { id: clip },
      draw('rect', { x: left - 8, y: TOP - 8, width: right - left + 16, height: bottom - TOP + 16 }),
    ),
    frame.y.ticks.map((tick) => [
      draw('line', { x1: left, x2: right, y1: frame.y.at(tick), y2: frame.y.at(tick), class: 'grid' }),
      draw(
        'text',
        { x: left - 6, y: frame.y.at(tick) + 4, 'text-anchor': 'end', class: 'tick' },
        y.text(tick),
      ),
    ]),
    frame.x.ticks.map((tick) =>
      draw(
        'text',
        { x: frame.x.at(tick), y: bottom + 17, 'text-anchor': 'middle', class: 'tick' },
        x.text(tick),
      ),
    ),
    draw('text', { x: 0, y: 11, class: 'tick' }, y.title),
    draw('text', { x: right, y: PLANE_HEIGHT - 5, 'text-anchor': 'end', class: 'tick' }, x.title),
    draw(
      'g',
      { 'clip-path': `url(#${clip})` },
      marks.map((mark, place) => drawMark(mark, frame, place)),
    ),
    aside === undefined ? null : drawAside(aside, frame, width),
  ];
}

/**
 * @param {Mark} mark
 * @param {Frame} frame
 * @param {number} place among the marks
 */
function drawMark(mark, frame, place) {
  const stroke = `var(${mark.tone})`;
  if (mark.kind === 'spot') return spot(mark, frame, place);
  const places = mark.points.map((point) =>
    [frame.x.at(point.x), frame.y.at(point.y)].map((at) => at.toFixed(1)),
  );
  if (places.length === 0) return null;
  if (mark.kind === 'dots') {
    // One path of round dots: thousands of elements would make the page slow.
    const path = places.map(([x, y]) => `M${x},${y}h0`).join('');
    return draw('path', { d: path, stroke, class: 'dots' });
  }
  const [[x, y], ...rest] = places;
  const isSteps = mark.kind === 'steps';
  const further = rest.map(([right, up]) => (isSteps ? `H${right}V${up}` : `L${right},${up}`));
  const end = isSteps ? `H${frame.x.at(mark.to).toFixed(1)}` : '';
  const d = `M${x},${y}${further.join('')}${end}`;
  return draw('path', { d, stroke, class: mark.isDashed ? 'stroke broken' : 'stroke' });
}

/**
 * A labelled ring. Neighbours have their labels on either side, where the edge of the plane leaves room; at the upper edge
 * they are below.
 * @param {Extract<Mark, { kind: 'spot' }>} mark
 * @param {Frame} frame
 * @param {number} place
 */
function spot({ point, tone, name }, frame, place) {
  const [x, y] = [frame.x.at(point.x), frame.y.at(point.y)];
  const part = (x - frame.left) / (frame.right - frame.left);
  const isRight = part > 0.8 || (part > 0.2 && place % 2 === 1);
  const labelY = y < TOP + LINE ? y + LINE + 3 : y - 8;
  const at = { x: x + (isRight ? -9 : 9), y: labelY, 'text-anchor': isRight ? 'end' : 'start' };
  return draw(
    'g',
    {},
    draw('circle', { cx: x, cy: y, r: 5, stroke: `var(${tone})`, class: 'spot' }),
    draw('text', { ...at, class: 'strong halo' }, name),
  );
}

/**
 * @param {Aside} aside
 * @param {Frame} frame
 * @param {number} width
 */
function drawAside({ title, values }, { y, right, bottom }, width) {
  const edge = right + 14;
  let free = Number.NEGATIVE_INFINITY;
  const placed = [...values]
    .sort((a, b) => y.at(a.y) - y.at(b.y))
    .map((value) => {
      free = Math.max(y.at(value.y) + 4, free + LINE);
      return { ...value, labelY: free };
    });
  const over = Math.max(0, free - bottom);
  return [
    draw('rect', {
      x: right + 4,
      y: TOP - 8,
      width: width - right - 4,
      height: bottom - TOP + 12,
      class: 'aside',
    }),
    draw('text', { x: width, y: 11, 'text-anchor': 'end', class: 'tick' }, title),
    placed.map(({ name, tone, y: value, labelY }) => [
      draw('path', {
        d: `M${edge - 5},${y.at(value)}l5,-5l5,5l-5,5z`,
        fill: `var(${tone})`,
      }),
      draw('text', { x: edge + 10, y: labelY - over, class: 'strong' }, name),
    ]),
  ];
}

/**
 * What the marks are, by their colours.
 * @param {Plane} plane
 */
export function legendOf({ marks }) {
  return marks
    .filter((mark) => mark.kind !== 'spot')
    .map((mark) => {
      const kind = mark.kind === 'dots' ? 'dots' : mark.isDashed ? 'stroke broken' : 'stroke';
      const key = draw(
        'svg',
        { width: 18, height: 10, class: 'figure', 'aria-hidden': 'true' },
        draw('path', {
          d: mark.kind === 'dots' ? 'M9,5h0' : 'M1,5h16',
          stroke: `var(${mark.tone})`,
          class: kind,
        }),
      );
      return { key, name: mark.name };
    });
}
