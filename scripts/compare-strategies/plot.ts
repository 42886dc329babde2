import { element } from '../../src/languages/markup.ts';
import { WIDTH } from '../../src/report/figures/_place.ts';
import { type Figure, standaloneSvg } from '../../src/report/svg/figure.ts';
import { label } from '../../src/report/svg/label.ts';
import { logScale } from '../../src/report/svg/scale.ts';
import { grouped } from './grouped.ts';
import type { PeerLine } from './peers.ts';
import type { StrategyResult } from './results.ts';
import { mean } from './search-landscape.ts';

/** The mean of optimum ÷ best found over the number of trials. */
export type AnytimeCurve = Readonly<{
  name: string;
  /** Whether it is one of our strategies; the first of them is emphasized. */
  own: boolean;
  points: readonly Readonly<{ budget: number; fraction: number }>[];
}>;

/** The curves of our strategies and of each peer with results on all spaces of the peers, over those spaces. */
export function curvesOf(
  results: readonly StrategyResult[],
  peers: readonly PeerLine[],
): readonly AnytimeCurve[] {
  const most = Math.max(0, ...peers.map(({ spaces }) => spaces));
  const full = peers.filter(({ spaces }) => spaces === most);
  const theirs = grouped(full, ({ peer }) => peer).map((lines) => ({
    name: lines[0].peer.replaceAll('_', ' '),
    own: false,
    points: lines
      .filter(({ strategy }) => strategy === lines[0].strategy)
      .map(({ budget, peerFraction }) => ({ budget, fraction: peerFraction })),
  }));
  return [...(full.length === 0 ? overAll(results) : overTheirs(full)), ...theirs];
}

function overAll(results: readonly StrategyResult[]): readonly AnytimeCurve[] {
  return grouped(results, ({ strategy }) => strategy).map((lines) => ({
    name: lines[0].strategy,
    own: true,
    points: grouped(lines, ({ budget }) => String(budget)).map((same) => ({
      budget: same[0].budget,
      fraction: mean(same.map(({ fraction }) => fraction)),
    })),
  }));
}

function overTheirs(full: readonly PeerLine[]): readonly AnytimeCurve[] {
  return grouped(full, ({ strategy }) => strategy).map((lines) => ({
    name: lines[0].strategy,
    own: true,
    points: lines
      .filter(({ peer }) => peer === lines[0].peer)
      .map(({ budget, fraction }) => ({ budget, fraction })),
  }));
}

const HEIGHT = 340;
const EDGES = { left: 56, right: 262, top: 30, bottom: 40 };
/** Smaller losses are drawn as this one. */
const LEAST_LOSS = 0.001;
const LABEL_HEIGHT = 15;

/** Loss against trials, both logarithmic, with each curve's name at its end. */
export function drawCurves(curves: readonly AnytimeCurve[]): string {
  const points = curves.flatMap((curve) => curve.points);
  const x = logScale(
    points.map(({ budget }) => budget),
    { from: EDGES.left, to: WIDTH - EDGES.right },
    8,
  );
  const y = logScale(
    points.map(({ fraction }) => lossOf(fraction)),
    { from: EDGES.top, to: HEIGHT - EDGES.bottom },
    7,
  );
  // Larger losses are higher.
  const height = (fraction: number): number => EDGES.top + HEIGHT - EDGES.bottom - y.at(lossOf(fraction));
  const budgets = [...new Set(points.map(({ budget }) => budget))];
  const figure: Figure = {
    id: 'anytime',
    title: 'How far from the optimum, over trials',
    description: curves.map(described).join(' '),
    width: WIDTH,
    height: HEIGHT,
    body: [
      ...y.ticks.map((loss) => horizontal(height(1 - loss), percent(loss))),
      ...budgets.map((budget) =>
        label(x.at(budget), HEIGHT - EDGES.bottom + 17, String(budget), { anchor: 'middle', kind: 'tick' }),
      ),
      label(0, 12, 'mean distance from the optimum (log)', { kind: 'tick' }),
      label(WIDTH - EDGES.right, HEIGHT - 6, 'trials (log)', { anchor: 'end', kind: 'tick' }),
      ...curves.map((curve, place) => lineOf(curve, place, x.at, height)),
      ...names(curves, height),
    ].join(''),
  };
  return standaloneSvg(figure);
}

function lossOf(fraction: number): number {
  return Math.max(LEAST_LOSS, 1 - fraction);
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

function described({ name, points }: AnytimeCurve): string {
  return `${name}: ${points.map(({ budget, fraction }) => `${percent(1 - fraction)} after ${budget}`).join(', ')}.`;
}

function horizontal(at: number, text: string): string {
  const line = element('line', { x1: EDGES.left, x2: WIDTH - EDGES.right, y1: at, y2: at, class: 'grid' });
  return line + label(EDGES.left - 8, at + 4, text, { anchor: 'end', kind: 'tick' });
}

function lineOf(
  { own, points }: AnytimeCurve,
  place: number,
  across: (budget: number) => number,
  height: (fraction: number) => number,
): string {
  const path = points.map(({ budget, fraction }) => `${round(across(budget))},${round(height(fraction))}`);
  const kind = place === 0 ? 'curve' : own ? 'mark' : 'dashed';
  return element('polyline', { points: path.join(' '), class: kind, fill: 'none' });
}

/** The names at the ends of their curves, moved apart if they would overlap. */
function names(curves: readonly AnytimeCurve[], height: (fraction: number) => number): readonly string[] {
  const ends = curves
    .map(({ name, own, points }, place) => {
      const last = points[points.length - 1];
      const kind = place === 0 ? 'strong' : own ? 'label' : 'soft';
      return { text: `${name} ${percent(1 - last.fraction)}`, kind, at: height(last.fraction) };
    })
    .sort((a, b) => a.at - b.at);
  let free = Number.NEGATIVE_INFINITY;
  return ends.map(({ text, kind, at }) => {
    free = Math.max(at, free + LABEL_HEIGHT);
    return label(WIDTH - EDGES.right + 10, free + 4, text, { kind });
  });
}

function round(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}
