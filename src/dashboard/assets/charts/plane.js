import { draw, make } from '../dom.js';
import { drawPlane, frameOf, HEIGHT, legendOf, pointsOf } from './plane-drawing.js';

/** @import { Frame, Plane, Point } from './plane-drawing.js' */

/** The least part of the x axis that a drag chooses, in pixels; less is a click. */
const LEAST_DRAG = 8;
const ZOOM = 2;

/**
 * A chart of two axes. A drag across, or + and −, show a part of the x axis; arrows go from point to point, and the
 * line below says what is there. All of that stays when `update` brings other content.
 * @param {Plane} first
 */
export function planeChart(first) {
  let plane = first;
  /** @type {Frame | undefined} */
  let frame;
  /** @type {readonly [number, number] | undefined} */
  let part;
  /** @type {Point | undefined} */
  let chosen;
  const svg = draw('svg', { height: HEIGHT, class: 'figure plane', tabindex: '0', role: 'img' });
  const said = make('output', { class: 'said' });
  const whole = make('button', { type: 'button', hidden: true, onclick: () => zoomTo(undefined) }, 'whole');
  const legend = make('span', { class: 'legend' });
  const box = make('div', { class: 'plot' }, svg, make('p', { class: 'below' }, legend, said, whole));

  const show = () => {
    const width = Math.max(260, box.clientWidth);
    frame = frameOf(plane, width, part);
    svg.setAttribute('width', String(width));
    svg.setAttribute('aria-label', `${plane.label}. Arrow keys go from point to point, + and − zoom.`);
    svg.replaceChildren(
      ...(frame === undefined ? [] : [draw('g', {}, drawPlane(plane, frame)), ...ringOf(frame, chosen)]),
    );
    legend.replaceChildren(...legendOf(plane).map(({ key, name }) => make('span', {}, key, ` ${name}`)));
    whole.hidden = part === undefined;
  };
  /** @param {Point | undefined} point */
  const choose = (point) => {
    chosen = point;
    said.textContent = point?.text ?? '';
    svg.querySelector('.chosen')?.remove();
    if (frame !== undefined) svg.append(...ringOf(frame, chosen));
  };
  /** @param {readonly [number, number] | undefined} next */
  const zoomTo = (next) => {
    part = next;
    show();
  };
  const shown = () =>
    plane.marks.flatMap(pointsOf).filter(({ x }) => part === undefined || (x >= part[0] && x <= part[1]));
  listen(svg, { frame: () => frame, shown, chosen: () => chosen, choose, zoomTo });
  new ResizeObserver(() => box.isConnected && show()).observe(box);
  return {
    box,
    /** @param {Plane} next */
    update(next) {
      plane = next;
      if (box.isConnected) show();
    },
  };
}

/**
 * @param {Frame} frame
 * @param {Point | undefined} point
 */
function ringOf(frame, point) {
  if (point === undefined) return [];
  return [draw('circle', { cx: frame.x.at(point.x), cy: frame.y.at(point.y), r: 7, class: 'chosen' })];
}

/**
 * @typedef {object} Hands
 * @property {() => Frame | undefined} frame
 * @property {() => readonly Point[]} shown
 * @property {() => Point | undefined} chosen
 * @property {(point: Point | undefined) => void} choose
 * @property {(part: readonly [number, number] | undefined) => void} zoomTo
 */

/**
 * @param {SVGSVGElement} svg
 * @param {Hands} hands
 */
function listen(svg, hands) {
  /** @type {number | undefined} */
  let from;
  /** @param {PointerEvent} event */
  const across = (event) => event.clientX - svg.getBoundingClientRect().left;
  const band = draw('rect', { y: 0, height: HEIGHT, class: 'shade' });
  svg.addEventListener('pointerdown', (event) => {
    from = across(event);
  });
  svg.addEventListener('pointermove', (event) => {
    const frame = hands.frame();
    if (frame === undefined) return;
    if (from === undefined || event.buttons === 0)
      return hands.choose(nearest(hands.shown(), frame, svg, event));
    if (Math.abs(across(event) - from) < LEAST_DRAG) return;
    svg.setPointerCapture(event.pointerId);
    const [left, right] = [from, across(event)].sort((a, b) => a - b);
    band.setAttribute('x', String(left));
    band.setAttribute('width', String(right - left));
    if (!band.isConnected) svg.append(band);
  });
  svg.addEventListener('pointerup', (event) => {
    const frame = hands.frame();
    const [start, end] = [from, across(event)];
    from = undefined;
    band.remove();
    if (frame === undefined || start === undefined) return;
    if (Math.abs(end - start) < LEAST_DRAG) return hands.choose(nearest(hands.shown(), frame, svg, event));
    const [left, right] = [start, end].sort((a, b) => a - b);
    hands.zoomTo([frame.x.back(Math.max(left, frame.left)), frame.x.back(Math.min(right, frame.right))]);
  });
  svg.addEventListener('pointercancel', () => {
    from = undefined;
    band.remove();
  });
  svg.addEventListener('keydown', (event) => onKey(event, hands));
}

/**
 * @param {KeyboardEvent} event
 * @param {Hands} hands
 */
function onKey(event, { frame: frameNow, shown, chosen, choose, zoomTo }) {
  const frame = frameNow();
  if (frame === undefined) return;
  const { key } = event;
  const points = [...shown()].sort((a, b) => a.x - b.x || b.y - a.y);
  const now = points.findIndex(({ text }) => text === chosen()?.text);
  if (key === 'ArrowRight' || key === 'ArrowDown') choose(points[Math.min(now + 1, points.length - 1)]);
  else if (key === 'ArrowLeft' || key === 'ArrowUp')
    choose(points[Math.max((now < 0 ? points.length : now) - 1, 0)]);
  else if (key === '0' || key === 'Escape') zoomTo(undefined);
  else if (key === '+' || key === '-') zoomTo(around(frame, chosen()?.x, key === '+' ? 1 / ZOOM : ZOOM));
  else return;
  event.preventDefault();
}

/**
 * A part of the x axis that is `factor` as wide as what is shown, around a value or the middle.
 * @param {Frame} frame
 * @param {number | undefined} value
 * @param {number} factor
 * @returns {readonly [number, number]}
 */
function around({ x, left, right }, value, factor) {
  const middle = value === undefined ? (left + right) / 2 : x.at(value);
  const half = ((right - left) * factor) / 2;
  return [x.back(middle - half), x.back(middle + half)];
}

/**
 * The point nearest to the pointer.
 * @param {readonly Point[]} points
 * @param {Frame} frame
 * @param {SVGSVGElement} svg
 * @param {PointerEvent} event
 */
function nearest(points, frame, svg, event) {
  const { left, top } = svg.getBoundingClientRect();
  const [x, y] = [event.clientX - left, event.clientY - top];
  /** @type {Point | undefined} */
  let found;
  let least = Number.POSITIVE_INFINITY;
  for (const point of points) {
    const distance = (frame.x.at(point.x) - x) ** 2 + (frame.y.at(point.y) - y) ** 2;
    if (distance < least) [least, found] = [distance, point];
  }
  return found;
}
