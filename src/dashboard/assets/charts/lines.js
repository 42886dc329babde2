import { make } from '../dom.js';
import { count, micros } from '../numbers.js';
import uPlot from '../uplot/uPlot.esm.js';

/** @import { PageParameter } from '../../served/data.js' */

/** @typedef {Readonly<{ trials: number, timeUs: number }>} Improvement */
/**
 * A study's best so far; `tone` is a colour of the style sheet.
 * @typedef {Readonly<{ name: string, tone: string, isDashed?: boolean, trials: number, improvements: readonly Improvement[] }>} Curve
 */
/** @typedef {Readonly<{ name: string, tone: string, points: readonly Readonly<{ x: number, y: number }>[] }>} Group */

const HEIGHT = 250;

/** @param {string} name */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/**
 * Round ticks of a logarithmic scale: 1, 2 and 5 of each decade; fewer on a wide scale, more on a narrow one.
 * @param {number} low
 * @param {number} high
 */
export function logTicks(low, high) {
  const decades = Math.log10(high / low);
  const digits = decades > 3 ? [1] : decades > 0.8 ? [1, 2, 5] : [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8];
  const first = Math.floor(Math.log10(low));
  const powers = Array.from({ length: Math.ceil(decades) + 2 }, (_, place) => first + place);
  const ticks = powers.flatMap((power) =>
    digits.map((digit) => Number((digit * 10 ** power).toPrecision(6))),
  );
  return ticks.filter((tick) => tick >= low && tick <= high);
}

/** @type {Pick<uPlot.Axis, 'splits' | 'filter'>} */
const LOG_TICKS = {
  splits: (_, __, low, high) => logTicks(low, high),
  filter: (_, ticks) => ticks,
};

/**
 * @param {string} xLabel
 * @param {string} yLabel
 * @param {uPlot.Axis.DynamicValues} xValues
 * @param {Pick<uPlot.Axis, 'splits' | 'filter'>} [xTicks]
 * @returns {uPlot.Axis[]}
 */
function axes(xLabel, yLabel, xValues, xTicks = {}) {
  const common = {
    stroke: colour('--soft'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1 },
    font: '11px system-ui',
  };
  return [
    { ...common, label: xLabel, labelSize: 18, labelFont: '11px system-ui', values: xValues, ...xTicks },
    {
      ...common,
      label: yLabel,
      labelSize: 18,
      labelFont: '11px system-ui',
      ...LOG_TICKS,
      // Fits the longest number.
      size: (_, texts) => 20 + 7 * Math.max(3, ...(texts ?? []).map((text) => text.length)),
      values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : micros(tick))),
    },
  ];
}

/**
 * A logarithmic scale that ends close to the data; uPlot's default, whole decades, leaves most of it empty.
 * @type {uPlot.Scale}
 */
const CLOSE = { distr: 3, range: (_, low, high) => [low / 1.15, high * 1.15] };

/**
 * A box for a chart, which is drawn once the box is on the page and again when its size changes.
 * @param {string} label
 * @param {(box: HTMLElement, width: number) => uPlot} create
 */
function chartBox(label, create) {
  const box = make('div', { class: 'plot', role: 'img', 'aria-label': label });
  /** @type {uPlot | undefined} */
  let chart;
  const place = () => {
    const width = Math.max(280, box.clientWidth);
    if (chart === undefined) chart = create(box, width);
    else chart.setSize({ width, height: HEIGHT });
  };
  /** @param {uPlot.AlignedData} data */
  const update = (data) => chart?.setData(data);
  new ResizeObserver(() => box.isConnected && place()).observe(box);
  return { box, update };
}

/**
 * Shows the last values in the legend while no pointer is on the chart.
 * @param {uPlot} chart
 */
function lastValues(chart) {
  if (chart.legend.idx === null || chart.legend.idx === undefined)
    chart.setLegend({ idx: chart.data[0].length - 1 }, false);
}

/**
 * Best so far over trials, for one study or several; a default is a dashed line.
 * @param {string} label
 * @param {readonly Curve[]} curves
 */
export function bestSoFarChart(label, curves) {
  let data = staircases(curves);
  const chart = chartBox(
    described(label, curves),
    (box, width) => new uPlot(bestSoFarOptions(curves, width), data, box),
  );
  /** @param {readonly Curve[]} now */
  const update = (now) => {
    data = staircases(now);
    chart.box.setAttribute('aria-label', described(label, now));
    chart.update(data);
  };
  return { box: chart.box, update };
}

/**
 * @param {readonly Curve[]} curves
 * @param {number} width
 * @returns {uPlot.Options}
 */
function bestSoFarOptions(curves, width) {
  return {
    width,
    height: HEIGHT,
    scales: { x: { time: false }, y: CLOSE },
    axes: axes('trials', 'µs (log)', (_, ticks) =>
      ticks.map((tick) => (Number.isInteger(tick) ? count(tick) : '')),
    ),
    hooks: { ready: [lastValues], setData: [lastValues], setLegend: [lastValues] },
    series: [{ label: 'trials' }, ...curves.map(stairs)],
  };
}

/**
 * @param {Curve} curve
 * @returns {uPlot.Series}
 */
function stairs({ name, tone, isDashed }) {
  const paths = uPlot.paths.stepped?.({ align: 1 });
  return {
    label: name,
    stroke: colour(tone),
    width: isDashed ? 1.25 : 2,
    ...(isDashed && { dash: [5, 5] }),
    ...(paths && { paths }),
    points: { show: false },
    value: (_, value) => (value === null ? '–' : `${micros(value)} µs`),
  };
}

/**
 * A description of the curves for screen readers.
 * @param {string} label
 * @param {readonly Curve[]} curves
 */
function described(label, curves) {
  const ends = curves.flatMap(({ name, trials, improvements }) => {
    const last = improvements.at(-1);
    return last === undefined ? [] : [`${name} ${micros(last.timeUs)} µs after ${count(trials)} trials`];
  });
  return [label, ...ends].join('; ');
}

/**
 * The curves as uPlot data over a common x axis, with a value wherever any curve improves.
 * @param {readonly Curve[]} curves
 * @returns {[number[], ...(number | null)[][]]}
 */
export function staircases(curves) {
  const xs = [
    ...new Set(
      curves.flatMap(({ trials, improvements }) => [...improvements.map((point) => point.trials), trials]),
    ),
  ].sort((a, b) => a - b);
  const ys = curves.map(({ trials, improvements }) => {
    /** @type {number | null} */
    let best = null;
    let next = 0;
    return xs.map((x) => {
      while (next < improvements.length && improvements[next].trials <= x) best = improvements[next++].timeUs;
      return x <= trials ? best : null;
    });
  });
  return [xs, ...ys];
}

/**
 * A series of points without a line.
 * @param {string} label
 * @param {string} tone
 * @param {number} size
 * @returns {uPlot.Series}
 */
function dots(label, tone, size) {
  return {
    label,
    stroke: colour(tone),
    width: 0,
    paths: () => null,
    points: { show: true, size, fill: colour(tone) },
  };
}

/**
 * Every timed trial over the values of one parameter.
 * @param {string} label
 * @param {PageParameter} parameter
 * @param {readonly (readonly [number, number])[]} points
 */
export function sliceChart(label, { name, values }, points) {
  const sorted = [...points].sort((a, b) => a[0] - b[0]);
  return chartBox(
    label,
    (box, width) =>
      new uPlot(
        {
          width,
          height: HEIGHT,
          legend: { show: false },
          scales: { x: { time: false, range: [-0.5, values.length - 0.5] }, y: CLOSE },
          axes: axes(name, 'µs (log)', (_, ticks) =>
            ticks.map((tick) => (Number.isInteger(tick) ? String(values[tick] ?? '') : '')),
          ),
          series: [{ label: name }, dots('µs', '--accent', 5)],
        },
        [sorted.map(([x]) => x), sorted.map(([, y]) => y)],
        box,
      ),
  );
}

/**
 * Groups of points over two measures, both logarithmic; a dashed line at 1.
 * @param {string} label
 * @param {string} xLabel
 * @param {readonly Group[]} groups
 */
export function ratioChart(label, xLabel, groups) {
  const sorted = groups
    .flatMap(({ points }, group) => points.map(({ x, y }) => ({ x, y, group })))
    .sort((a, b) => a.x - b.x);
  /** @type {uPlot.AlignedData} */
  const data = [
    sorted.map(({ x }) => x),
    ...groups.map((_, group) => sorted.map((point) => (point.group === group ? point.y : null))),
    sorted.map(() => 1),
  ];
  return chartBox(label, (box, width) => new uPlot(ratioOptions(xLabel, groups, width), data, box));
}

/**
 * @param {string} xLabel
 * @param {readonly Group[]} groups
 * @param {number} width
 * @returns {uPlot.Options}
 */
function ratioOptions(xLabel, groups, width) {
  return {
    width,
    height: HEIGHT,
    legend: { live: false },
    scales: { x: { ...CLOSE, time: false }, y: CLOSE },
    axes: axes(xLabel, 'gain (log)', (_, ticks) => ticks.map(String), LOG_TICKS),
    series: [
      { label: xLabel },
      ...groups.map(({ name, tone }) => dots(name, tone, 7)),
      {
        label: 'break-even (dashed)',
        stroke: colour('--soft'),
        width: 1.25,
        dash: [5, 5],
        points: { show: false },
      },
    ],
  };
}
