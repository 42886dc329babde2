import { draw, make } from '../dom.js';
import { count, time, unitFor } from '../numbers.js';
import { BOTTOM, drawAxle, HEIGHT, linesOf, roomBeside, SIDE, TOP, WIDTH } from './parallel-drawing.js';

/** @import { PageParameter, PageTrial } from '../../served/data.js' */
/** @import { Axle, Brush, TimedTrial } from './parallel-drawing.js' */

const DIGITS_OF_TIME = 6;

/**
 * A line for each trial through its values and its time. A drag along an axis, or its arrow keys, choose the trials that
 * pass there; `chosen` is called with a test of them. Chosen parts stay when `update` brings more trials.
 * @param {(isChosen: (trial: Pick<PageTrial, 'digits' | 'timeUs'>) => boolean) => void} chosen
 */
export function parallelCoordinates(chosen) {
  /** @type {State} */
  const state = { brushes: new Map(), axles: [], trials: [] };
  const svg = draw('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    width: WIDTH,
    height: HEIGHT,
    class: 'figure parallel',
    role: 'group',
  });
  const said = make('output', { class: 'said' });
  const clear = make(
    'button',
    { type: 'button', hidden: true, onclick: () => set(() => state.brushes.clear()) },
    'all trials',
  );
  const frame = make(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Parallel coordinates' },
    svg,
  );
  const show = () => {
    showLines(state, svg, (name, brush) => set(() => put(state, name, brush)));
    clear.hidden = state.brushes.size === 0;
    said.textContent = chosenWords(state);
  };
  /** @param {() => void} change */
  const set = (change) => {
    change();
    show();
    chosen((trial) => passes(state, trial));
  };
  /** @type {(parameters: readonly PageParameter[], all: readonly PageTrial[]) => void} */
  const update = (parameters, all) => {
    state.trials = all
      .flatMap((trial) => (trial.timeUs === null ? [] : [{ ...trial, timeUs: trial.timeUs }]))
      .sort((a, b) => a.timeUs - b.timeUs);
    state.axles = axlesOf(parameters, state.trials);
    show();
  };
  return { box: make('div', {}, frame, make('p', { class: 'below' }, said, clear)), update };
}

/**
 * What is drawn, and the parts of axes that the reader chose.
 * @typedef {{ brushes: Map<string, Brush>, axles: readonly Axle[], trials: readonly TimedTrial[] }} State
 */

/**
 * @param {State} state
 * @param {string} name
 * @param {Brush | undefined} brush
 */
function put({ brushes }, name, brush) {
  if (brush === undefined) brushes.delete(name);
  else brushes.set(name, brush);
}

/**
 * Whether a trial passes through all chosen parts.
 * @param {State} state
 * @param {Pick<PageTrial, 'digits' | 'timeUs'>} trial
 */
function passes({ brushes, axles }, trial) {
  return axles.every(({ name, up }) => {
    const brush = brushes.get(name);
    const place = brush === undefined ? 0 : up(trial);
    return brush === undefined || (place >= brush.low && place <= brush.high);
  });
}

/**
 * @param {State} state
 * @param {SVGSVGElement} svg
 * @param {(name: string, brush: Brush | undefined) => void} set
 */
function showLines(state, svg, set) {
  const { brushes, axles, trials } = state;
  const focused = document.activeElement?.getAttribute('data-axis');
  svg.setAttribute('aria-label', `Parallel coordinates of ${count(trials.length)} trials`);
  svg.replaceChildren(
    ...linesOf(trials, axles, (trial) => passes(state, trial)),
    ...axles.map((axle) => axisOf(axle, brushes.get(axle.name), (brush) => set(axle.name, brush))),
  );
  if (focused) svg.querySelector(`[data-axis="${CSS.escape(focused)}"]`)?.dispatchEvent(new Event('refocus'));
}

/** @param {State} state */
function chosenWords(state) {
  const { brushes, trials } = state;
  if (brushes.size === 0) return '';
  const kept = trials.filter((trial) => passes(state, trial));
  const fastest =
    kept.length === 0
      ? ''
      : `, the fastest of the search ${time(kept[0].timeUs, unitFor(trials.map(({ timeUs }) => timeUs)))}`;
  return `${count(kept.length)} of ${count(trials.length)} trials${fastest}`;
}

/**
 * An axis for each parameter that has several values among the trials, and one of time.
 * @param {readonly PageParameter[]} parameters
 * @param {readonly TimedTrial[]} trials
 * @returns {readonly Axle[]}
 */
function axlesOf(parameters, trials) {
  const varied = parameters.flatMap(({ name, values }, place) =>
    trials.some(({ digits }) => digits[place] !== trials[0].digits[place]) ? [{ name, values, place }] : [],
  );
  const ofTime = timeAxle(trials);
  const right = ofTime === undefined ? SIDE : roomBeside(ofTime);
  const x = (/** @type {number} */ place) =>
    SIDE + (place * (WIDTH - SIDE - right)) / Math.max(1, varied.length);
  /** @type {readonly Axle[]} */
  const own = varied.map(({ name, values, place }, at) => ({
    name,
    x: x(at),
    steps: values.length,
    up: ({ digits }) => digits[place] / (values.length - 1),
    text: (up) => String(values[Math.round(up * (values.length - 1))]),
  }));
  return ofTime === undefined ? own : [...own, { ...ofTime, x: x(varied.length) }];
}

/**
 * The axis of time, not placed yet; undefined without trials.
 * @param {readonly TimedTrial[]} trials fastest first
 * @returns {Omit<Axle, 'x'> | undefined}
 */
function timeAxle(trials) {
  if (trials.length === 0) return undefined;
  const [low, high] = [trials[0].timeUs, trials[trials.length - 1].timeUs].map(Math.log);
  const span = high - low || 1;
  const unit = unitFor(trials.map(({ timeUs }) => timeUs));
  return {
    name: 'time',
    steps: DIGITS_OF_TIME,
    up: ({ timeUs }) => (timeUs === null ? 1 : (Math.log(timeUs) - low) / span),
    text: (up) => time(Math.exp(low + up * span), unit),
  };
}

/**
 * An axis with its listeners.
 * @param {Axle} axle
 * @param {Brush | undefined} brush
 * @param {(brush: Brush | undefined) => void} set
 */
function axisOf(axle, brush, set) {
  const group = drawAxle(axle, brush);
  // The reader may have scrolled away from it since.
  group.addEventListener('refocus', () => group.focus({ preventScroll: true }));
  drag(group, axle.steps, set);
  group.addEventListener('keydown', (event) => {
    const next = moved(brush, axle.steps, event);
    if (next === null) return;
    event.preventDefault();
    set(next);
  });
  return group;
}

/**
 * A drag along an axis chooses from one value to another; a click, one value.
 * @param {SVGGElement} group
 * @param {number} steps
 * @param {(brush: Brush | undefined) => void} set
 */
function drag(group, steps, set) {
  /** @type {number | undefined} */
  let from;
  /** @type {Readonly<{ clientX: number, clientY: number }> | undefined} */
  let begun;
  /** @param {PointerEvent} event */
  const upAt = (event) => {
    const matrix = group.ownerSVGElement?.getScreenCTM();
    const y = matrix ? new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse()).y : 0;
    return Math.min(1, Math.max(0, (HEIGHT - BOTTOM - y) / (HEIGHT - TOP - BOTTOM)));
  };
  const half = 0.5 / Math.max(1, steps - 1);
  group.addEventListener('pointerdown', (event) => {
    from = upAt(event);
    begun = event;
    group.setPointerCapture(event.pointerId);
  });
  // A finger along an axis chooses; across, it moves the chart. The style touch-action has no effect within a drawing.
  const stay = (/** @type {TouchEvent} */ event) => {
    const { clientX, clientY } = event.touches[0];
    const [across, along] = [clientX - (begun?.clientX ?? clientX), clientY - (begun?.clientY ?? clientY)];
    if (event.cancelable && Math.abs(along) > Math.abs(across)) event.preventDefault();
  };
  group.addEventListener('touchmove', stay, { passive: false });
  group.addEventListener('pointercancel', () => {
    from = undefined;
  });
  group.addEventListener('pointerup', (event) => {
    if (from === undefined) return;
    const [low, high] = [from, upAt(event)].sort((a, b) => a - b);
    from = undefined;
    const isClick = high - low < 0.02;
    set(isClick ? { low: low - half, high: high + half } : { low, high });
  });
}

/**
 * The chosen part after a key; null for a key that does nothing.
 * @param {Brush | undefined} brush
 * @param {number} steps
 * @param {KeyboardEvent} event
 * @returns {Brush | undefined | null}
 */
function moved(brush, steps, { key, shiftKey }) {
  if (key === 'Escape') return undefined;
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return null;
  const step = 1 / Math.max(1, steps - 1);
  const half = step / 2;
  if (brush === undefined) {
    const at = key === 'ArrowUp' ? 0 : 1;
    return { low: at - half, high: at + half };
  }
  const way = key === 'ArrowUp' ? step : -step;
  if (brush.high + way > 1 + half + 1e-9 || brush.low + way < -half - 1e-9) return brush;
  if (!shiftKey) return { low: brush.low + way, high: brush.high + way };
  return way > 0 ? { low: brush.low, high: brush.high + way } : { low: brush.low + way, high: brush.high };
}
