import { draw, make } from '../dom.js';
import { count, time } from '../numbers.js';
import { BOTTOM, HEIGHT, linesOf, SIDE, TOP, WIDTH } from './parallel-drawing.js';

/** @import { PageParameter, PageTrial } from '../../served/data.js' */
/** @import { Axle, TimedTrial } from './parallel-drawing.js' */

const DIGITS_OF_TIME = 6;

/** @typedef {Readonly<{ low: number, high: number }>} Brush places up an axis, 0 to 1 */

/**
 * A line for each trial through its values and its time. A drag along an axis, or its arrow keys, choose the trials that
 * pass there; `chosen` is called with a test of them. Chosen parts stay when `update` brings more trials.
 * @param {(isChosen: (trial: Pick<PageTrial, 'digits' | 'timeUs'>) => boolean) => void} chosen
 */
export function parallelCoordinates(chosen) {
  /** @type {Map<string, Brush>} */
  const brushes = new Map();
  /** @type {readonly Axle[]} */
  let axles = [];
  /** @type {readonly TimedTrial[]} */
  let trials = [];
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
    { type: 'button', hidden: true, onclick: () => set(() => brushes.clear()) },
    'all trials',
  );
  const frame = make(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Parallel coordinates' },
    svg,
  );

  /** @param {Pick<PageTrial, 'digits' | 'timeUs'>} trial */
  const isChosen = (trial) =>
    axles.every(({ name, up }) => {
      const brush = brushes.get(name);
      const place = brush === undefined ? 0 : up(trial);
      return brush === undefined || (place >= brush.low && place <= brush.high);
    });
  const show = () => {
    const focused = document.activeElement?.getAttribute('data-axis');
    const kept = trials.filter(isChosen);
    svg.setAttribute('aria-label', `Parallel coordinates of ${count(trials.length)} trials`);
    svg.replaceChildren(
      ...linesOf(trials, axles, isChosen),
      ...axles.map((axle) =>
        axisOf(axle, brushes.get(axle.name), (brush) => set(() => put(axle.name, brush))),
      ),
    );
    if (focused)
      svg.querySelector(`[data-axis="${CSS.escape(focused)}"]`)?.dispatchEvent(new Event('refocus'));
    clear.hidden = brushes.size === 0;
    const fastest = kept.length === 0 ? '' : `, the fastest ${time(kept[0].timeUs)}`;
    said.textContent =
      brushes.size === 0 ? '' : `${count(kept.length)} of ${count(trials.length)} trials${fastest}`;
  };
  /** @type {(name: string, brush: Brush | undefined) => void} */
  const put = (name, brush) => void (brush === undefined ? brushes.delete(name) : brushes.set(name, brush));
  /** @param {() => void} change */
  const set = (change) => {
    change();
    show();
    chosen(isChosen);
  };
  return {
    box: make('div', {}, frame, make('p', { class: 'below' }, said, clear)),
    /**
     * @param {readonly PageParameter[]} parameters
     * @param {readonly PageTrial[]} all
     */
    update(parameters, all) {
      trials = all
        .flatMap((trial) => (trial.timeUs === null ? [] : [{ ...trial, timeUs: trial.timeUs }]))
        .sort((a, b) => a.timeUs - b.timeUs);
      axles = axlesOf(parameters, trials);
      show();
    },
  };
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
  const x = (/** @type {number} */ place) => SIDE + (place * (WIDTH - 2 * SIDE)) / Math.max(1, varied.length);
  /** @type {readonly Axle[]} */
  const own = varied.map(({ name, values, place }, at) => ({
    name,
    x: x(at),
    steps: values.length,
    up: ({ digits }) => digits[place] / (values.length - 1),
    text: (up) => String(values[Math.round(up * (values.length - 1))]),
  }));
  if (trials.length === 0) return own;
  const [low, high] = [trials[0].timeUs, trials[trials.length - 1].timeUs].map(Math.log);
  const span = high - low || 1;
  return [
    ...own,
    {
      name: 'time',
      x: x(varied.length),
      steps: DIGITS_OF_TIME,
      up: ({ timeUs }) => (timeUs === null ? 1 : (Math.log(timeUs) - low) / span),
      text: (up) => time(Math.exp(low + up * span)),
    },
  ];
}

/**
 * @param {Axle} axle
 * @param {Brush | undefined} brush
 * @param {(brush: Brush | undefined) => void} set
 */
function axisOf({ name, x, steps, text }, brush, set) {
  /** @param {number} up */
  const y = (up) => HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM);
  const every = Math.ceil(steps / 8);
  const ticks = Array.from({ length: steps }, (_, step) => step).filter(
    (step) => step % every === 0 || step === steps - 1,
  );
  const group = draw(
    'g',
    {
      class: 'axle',
      tabindex: '0',
      role: 'slider',
      'data-axis': name,
      'aria-label': `${name}: arrow keys choose, with Shift they widen, Escape chooses all`,
      'aria-orientation': 'vertical',
      'aria-valuemin': '0',
      'aria-valuemax': '100',
      'aria-valuenow': String(Math.round(100 * (brush?.high ?? 1))),
      'aria-valuetext': brush === undefined ? 'all' : `${text(brush.low)} to ${text(brush.high)}`,
    },
    draw('rect', { x: x - 14, y: TOP - 6, width: 28, height: HEIGHT - TOP - BOTTOM + 12, class: 'grip' }),
    draw('line', { x1: x, x2: x, y1: TOP, y2: HEIGHT - BOTTOM, class: 'axis' }),
    brush === undefined
      ? null
      : draw('rect', {
          x: x - 6,
          y: y(brush.high),
          width: 12,
          height: Math.max(2, y(brush.low) - y(brush.high)),
          class: 'brush',
        }),
    draw('text', { x, y: 16, 'text-anchor': 'middle', class: 'strong' }, name),
    ticks.map((step) => {
      const up = steps === 1 ? 0.5 : step / (steps - 1);
      return draw('text', { x: x + 7, y: y(up) + 4, class: 'tick halo' }, text(up));
    }),
  );
  group.addEventListener('refocus', () => group.focus());
  drag(group, steps, set);
  group.addEventListener('keydown', (event) => {
    const next = moved(brush, steps, event);
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
  /** @param {PointerEvent} event */
  const upAt = (event) => {
    const matrix = group.ownerSVGElement?.getScreenCTM();
    const y = matrix ? new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse()).y : 0;
    return Math.min(1, Math.max(0, (HEIGHT - BOTTOM - y) / (HEIGHT - TOP - BOTTOM)));
  };
  const half = 0.5 / Math.max(1, steps - 1);
  group.addEventListener('pointerdown', (event) => {
    from = upAt(event);
    group.setPointerCapture(event.pointerId);
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
