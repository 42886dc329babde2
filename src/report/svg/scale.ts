import { formatCount } from '../../text/number-text.ts';

/** Maps values to pixels. */
export type Scale = Readonly<{
  at(value: number): number;
  ticks: readonly number[];
  from: number;
  to: number;
}>;

/** "10,000", "1.5", "0.002": a round number of an axis, grouped as all numbers are. */
export function tickText(tick: number): string {
  return Number.isInteger(tick) ? formatCount(tick) : String(tick);
}

type Range = Readonly<{ from: number; to: number }>;

/** As `logScale`, across a page, with fewer ticks where their words, of at most so many pixels, would meet. */
export function logScaleAcross(
  values: readonly number[],
  pixels: Range,
  ticksAtMost: number,
  wordsWidth: (tick: number) => number,
): Scale {
  const scale = logScale(values, pixels, ticksAtMost);
  const { ticks, at } = scale;
  const hasRoom = ticks.every(
    (tick, place) =>
      place === 0 ||
      at(tick) - at(ticks[place - 1]) >= (wordsWidth(tick) + wordsWidth(ticks[place - 1])) / 2 + 4,
  );
  return hasRoom || ticksAtMost <= 1 ? scale : logScaleAcross(values, pixels, ticksAtMost - 1, wordsWidth);
}

/** A logarithmic scale with at most `ticksAtMost` round ticks. */
export function logScale(values: readonly number[], pixels: Range, ticksAtMost = 6): Scale {
  const { low, high } = extremes(values);
  const [from, to] = low === high ? [low / 2, high * 2] : [low, high];
  const share = (value: number): number => Math.log(value / from) / Math.log(to / from);
  return {
    from,
    to,
    at: (value) => pixels.from + share(value) * (pixels.to - pixels.from),
    ticks: logTicks(from, to, ticksAtMost),
  };
}

export function linearScale(values: readonly number[], pixels: Range, ticksAtMost = 6): Scale {
  const { low, high } = extremes(values);
  const [from, to] = low === high ? [low - 1, high + 1] : [low, high];
  return {
    from,
    to,
    at: (value) => pixels.from + ((value - from) / (to - from)) * (pixels.to - pixels.from),
    ticks: linearTicks(from, to, ticksAtMost),
  };
}

function extremes(values: readonly number[]): Readonly<{ low: number; high: number }> {
  return values.reduce(
    ({ low, high }, value) => ({ low: Math.min(low, value), high: Math.max(high, value) }),
    { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY },
  );
}

/** Steps within a power of ten, finest first. */
const LOG_STEPS: readonly (readonly number[])[] = [
  [1, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.4, 1.5, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9, 9.5],
  [1, 1.2, 1.4, 1.6, 2, 2.5, 3, 4, 5, 6, 7, 8, 9],
  [1, 1.5, 2, 3, 5, 7],
  [1, 2, 5],
  [1, 3],
  [1],
];

function logTicks(from: number, to: number, atMost: number): readonly number[] {
  for (const steps of LOG_STEPS) {
    const ticks = multiples(steps, from, to);
    // A range too narrow for two such ticks gets linear ones.
    if (ticks.length < 2) return linearTicks(from, to, atMost);
    if (ticks.length <= atMost) return ticks;
  }
  const tens = multiples([1], from, to);
  const every = Math.ceil(tens.length / atMost);
  return tens.filter((_, place) => place % every === 0);
}

function multiples(steps: readonly number[], from: number, to: number): readonly number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.log10(to); power++) {
    for (const step of steps) {
      const tick = Number((step * 10 ** power).toPrecision(3));
      if (tick >= from * 0.999 && tick <= to * 1.001) ticks.push(tick);
    }
  }
  return ticks;
}

function linearTicks(from: number, to: number, atMost: number): readonly number[] {
  const rough = (to - from) / atMost;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const ticks: number[] = [];
  for (let tick = Math.ceil(from / step) * step; tick <= to + step / 1e6; tick += step) {
    ticks.push(Number(tick.toPrecision(12)));
  }
  return ticks;
}
