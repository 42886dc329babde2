import { draw, make } from '../dom.js';
import { drawPlane, frameOf, legendOf, PLANE_HEIGHT, pointsOf } from './plane-drawing.js';

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
  /** @type {State} */
  const state = { plane: first, frame: undefined, part: undefined, chosen: undefined };
  const svg = draw('svg', { height: PLANE_HEIGHT, class: 'figure plane', tabindex: '0', role: 'img' });
  const said = make('output', { class: 'said' });
  const whole = make('button', { type: 'button', hidden: true, onclick: () => zoomTo(undefined) }, 'whole');
  const legend = make('span', { class: 'legend' });
  const box = make('div', { class: 'plot' }, svg, make('p', { class: 'below' }, legend, said, whole));

  const show = () => {
    showPlane(state, svg, Math.max(260, box.clientWidth));
    legend.replaceChildren(
      ...legendOf(state.plane).map(({ key, name }) => make('span', {}, key, ` ${name}`)),
    );
    whole.hidden = state.part === undefined;
  };
  /** @param {Point | undefined} point */
  const choose = (point) => {
    state.chosen = point;
    said.textContent = point?.text ?? '';
    svg.querySelector('.chosen')?.remove();
    if (state.frame !== undefined) svg.append(...ringOf(state.frame, point));
  };
  /** @param {readonly [number, number] | undefined} next */
  const zoomTo = (next) => {
    state.part = next;
    show();
  };
  listen(svg, { state, choose, zoomTo });
  new ResizeObserver(() => box.isConnected && show()).observe(box);
  /** @param {Plane} next */
  const update = (next) => {
    state.plane = next;
    if (box.isConnected) show();
  };
  return { box, update };
}

/**
 * What is shown, where, and what the reader chose of it.
 * @typedef {{ plane: Plane, frame: Frame | undefined, part: readonly [number, number] | undefined, chosen: Point | undefined }} State
 */

/**
 * @param {State} state
 * @param {SVGSVGElement} svg
 * @param {number} width
 */
function showPlane(state, svg, width) {
  const frame = frameOf(state.plane, width, state.part);
  state.frame = frame;
  svg.setAttribute('width', String(width));
  svg.setAttribute('aria-label', `${state.plane.label}. Arrow keys go from point to point, + and − zoom.`);
  const drawn =
    frame === undefined ? [] : [draw('g', {}, drawPlane(state.plane, frame)), ...ringOf(frame, state.chosen)];
  svg.replaceChildren(...drawn);
}

/**
 * The points in the part of the x axis that is shown.
 * @param {State} state
 */
function shownPoints({ plane, part }) {
  return plane.marks
    .flatMap(pointsOf)
    .filter(({ x }) => part === undefined || (x >= part[0] && x <= part[1]));
}

/**
 * The ring of the chosen point; none where that is not in the part that is shown.
 * @param {Frame} frame
 * @param {Point | undefined} point
 */
function ringOf(frame, point) {
  if (point === undefined) return [];
  const x = frame.x.at(point.x);
  if (x < frame.left - 1 || x > frame.right + 1) return [];
  return [draw('circle', { cx: x, cy: frame.y.at(point.y), r: 7, class: 'chosen' })];
}

/**
 * @typedef {Readonly<{ state: Readonly<State>, choose: (point: Point | undefined) => void,
 *   zoomTo: (part: readonly [number, number] | undefined) => void }>} Hands
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
  const band = draw('rect', { y: 0, height: PLANE_HEIGHT, class: 'shade' });
  svg.addEventListener('pointerdown', (event) => {
    from = across(event);
  });
  svg.addEventListener('pointermove', (event) => {
    const { frame } = hands.state;
    if (frame === undefined) return;
    if (from === undefined || event.buttons === 0)
      return hands.choose(nearest(shownPoints(hands.state), frame, svg, event));
    if (Math.abs(across(event) - from) < LEAST_DRAG) return;
    svg.setPointerCapture(event.pointerId);
    const [left, right] = [from, across(event)].sort((a, b) => a - b);
    band.setAttribute('x', String(left));
    band.setAttribute('width', String(right - left));
    if (!band.isConnected) svg.append(band);
  });
  svg.addEventListener('pointerup', (event) => {
    const { frame } = hands.state;
    const [start, end] = [from, across(event)];
    from = undefined;
    band.remove();
    if (frame === undefined || start === undefined) return;
    if (Math.abs(end - start) < LEAST_DRAG)
      return hands.choose(nearest(shownPoints(hands.state), frame, svg, event));
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
function onKey(event, { state, choose, zoomTo }) {
  const { frame, chosen } = state;
  if (frame === undefined) return;
  const { key } = event;
  const points = [...shownPoints(state)].sort((a, b) => a.x - b.x || b.y - a.y);
  const now = points.findIndex(({ text }) => text === chosen?.text);
  if (key === 'ArrowRight' || key === 'ArrowDown') choose(points[Math.min(now + 1, points.length - 1)]);
  else if (key === 'ArrowLeft' || key === 'ArrowUp')
    choose(points[Math.max((now < 0 ? points.length : now) - 1, 0)]);
  else if (key === '0' || key === 'Escape') zoomTo(undefined);
  else if (key === '+' || key === '-') zoomTo(around(frame, chosen?.x, key === '+' ? 1 / ZOOM : ZOOM));
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
