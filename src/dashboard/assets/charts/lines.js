import { make } from '../dom.js';
import { count, micros } from '../numbers.js';
import uPlot from '../uplot/uPlot.esm.js';

const HEIGHT = 250;

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function axes(xLabel, yLabel, xValues) {
  const common = {
    stroke: colour('--soft'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1 },
    font: '11px system-ui',
  };
  return [
    { ...common, label: xLabel, labelSize: 18, labelFont: '11px system-ui', values: xValues },
    {
      ...common,
      label: yLabel,
      labelSize: 18,
      labelFont: '11px system-ui',
      size: 64,
      values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : micros(tick))),
    },
  ];
}

/** A box that a chart fills once it is on the page, and again when the page is turned. */
function chartBox(label, create) {
  const box = make('div', { class: 'plot', role: 'img', 'aria-label': label });
  let chart;
  const place = () => {
    const width = Math.max(280, box.clientWidth);
    if (chart === undefined) chart = create(box, width);
    else chart.setSize({ width, height: HEIGHT });
  };
  new ResizeObserver(() => box.isConnected && place()).observe(box);
  return { box, update: (data) => chart?.setData(data) };
}

/** Best so far over trials, of one study or more; a dashed line for a default. */
export function bestSoFarChart(label, curves) {
  const data = staircases(curves);
  return chartBox(
    label,
    (box, width) =>
      new uPlot(
        {
          width,
          height: HEIGHT,
          scales: { x: { time: false }, y: { distr: 3 } },
          axes: axes('trials', 'µs (log)', (_, ticks) =>
            ticks.map((tick) => (Number.isInteger(tick) ? count(tick) : '')),
          ),
          series: [
            { label: 'trial' },
            ...curves.map(({ name, tone, isDashed }) => ({
              label: name,
              stroke: colour(tone),
              width: isDashed ? 1.25 : 2,
              dash: isDashed ? [5, 5] : undefined,
              paths: uPlot.paths.stepped({ align: 1 }),
              points: { show: false },
              value: (_, value) => micros(value),
            })),
          ],
        },
        data,
        box,
      ),
  );
}

/** One x for all curves: wherever one of them improves. */
export function staircases(curves) {
  const xs = [
    ...new Set(
      curves.flatMap(({ trials, improvements }) => [...improvements.map((point) => point.trials), trials]),
    ),
  ].sort((a, b) => a - b);
  const ys = curves.map(({ trials, improvements }) => {
    let best = null;
    let next = 0;
    return xs.map((x) => {
      while (next < improvements.length && improvements[next].trials <= x) best = improvements[next++].timeUs;
      return x <= trials ? best : null;
    });
  });
  return [xs, ...ys];
}

/** Every timed trial over the values of one parameter. */
export function sliceChart(label, { name, values }, points) {
  const sorted = [...points].sort((a, b) => a[0] - b[0]);
  return chartBox(
    label,
    (box, width) =>
      new uPlot(
        {
          width,
          height: HEIGHT,
          scales: { x: { time: false, range: [-0.5, values.length - 0.5] }, y: { distr: 3 } },
          axes: axes(name, 'µs (log)', (_, ticks) =>
            ticks.map((tick) => (Number.isInteger(tick) ? String(values[tick] ?? '') : '')),
          ),
          series: [
            {
              label: name,
              value: (_, value) => (value === null ? '' : String(values[Math.round(value)] ?? '')),
            },
            {
              label: 'µs',
              stroke: colour('--accent'),
              width: 0,
              paths: () => null,
              points: { show: true, size: 5, fill: colour('--accent') },
              value: (_, value) => micros(value),
            },
          ],
        },
        [sorted.map(([x]) => x), sorted.map(([, y]) => y)],
        box,
      ),
  );
}

/** Points with names over two measures, both logarithmic; a line at 1. */
export function ratioChart(label, xLabel, points) {
  const sorted = [...points].sort((a, b) => a.x - b.x);
  return chartBox(
    label,
    (box, width) =>
      new uPlot(
        {
          width,
          height: HEIGHT,
          scales: { x: { time: false, distr: 3 }, y: { distr: 3 } },
          axes: axes(xLabel, 'gain (log)', (_, ticks) =>
            ticks.map((tick) => (tick === null ? '' : String(Number(tick.toPrecision(3))))),
          ),
          series: [
            { label: xLabel, value: (_, value) => micros(value) },
            {
              label: 'gain',
              stroke: colour('--db'),
              width: 0,
              paths: () => null,
              points: { show: true, size: 7, fill: colour('--db') },
              value: (_, value) => (value === null ? '' : `${micros(value)}×`),
            },
            {
              label: 'break-even',
              stroke: colour('--soft'),
              width: 1.25,
              dash: [5, 5],
              points: { show: false },
            },
          ],
        },
        [sorted.map(({ x }) => x), sorted.map(({ y }) => y), sorted.map(() => 1)],
        box,
      ),
  );
}
