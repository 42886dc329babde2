import type { FoundFront, FrontMember } from '../../../tuner/objectives/found-front.ts';
import { valueAt } from '../../../tuner/objectives/objective.ts';
import { element, escapeText } from '../../languages/markup.ts';
import { type Figure, forBothWidths } from '../svg/figure.ts';
import { label } from '../svg/label.ts';
import { linearScale, logScale, type Scale } from '../svg/scale.ts';
import { frontWords, objectiveTexts, objectiveTitle } from '../words/front.ts';
import { countOf, formatMetric } from '../words/numbers.ts';
import { HALF, PHONE } from './_place.ts';

const HEIGHT = 260;
const TOP = 24;
const BOTTOM = 38;
const LEFT = 72;
const RIGHT = 64;
const TICKS = 5;

/** Trials farther than so many times as far as the optima are named in words: else the optima would be one point. */
const FARTHEST = 4;

/** The values of a trial. */
export type FrontTrial = Pick<FrontMember, 'timeUs' | 'metrics'>;

type Axis = Readonly<{ name: string; of(trial: FrontTrial): number; scale: Scale }>;

/**
 * The Pareto optima of the first two objectives among all trials; undefined for one objective, or without members.
 * `trials` are all that was timed.
 */
export function plotFront(id: string, front: FoundFront, trials: readonly FrontTrial[]): Figure | undefined {
  const { objectives, members } = front;
  if (objectives.length < 2 || members.length === 0) return undefined;
  return forBothWidths((page) => plotFor(page === 'wide' ? HALF : PHONE, id, front, trials));
}

function plotFor(width: number, id: string, front: FoundFront, trials: readonly FrontTrial[]): Figure {
  const { members, default: usual } = front;
  const [first, second, ...others] = front.objectives;
  const right = width - RIGHT;
  const [x, y] = [
    axisOf(first, members, trials, { from: LEFT, to: right }),
    axisOf(second, members, trials, { from: HEIGHT - BOTTOM, to: TOP }),
  ];
  const said = (who: string, member: FrontMember): string =>
    `${who}: ${objectiveTexts(front, member)
      .map((text, place) => `${text} ${objectiveTitle(front.objectives[place])}`)
      .join(', ')}`;
  const dots = members.map((member, place) => dot(x, y, member, said(`optimum ${place + 1}`, member)));
  const before = usual === null ? '' : square(x, y, usual, right, (who) => said(who, usual));
  const inside = trials.filter((trial) => isInside([x, y], trial));
  const far = trials.length - inside.length;
  return {
    id,
    title: `${frontWords(front)}${others.length === 0 ? '' : `: ${first} and ${second}`}`,
    description: `${descriptionOf(front, said)} Behind them ${countOf(trials.length, 'trial')}.`,
    width,
    height: HEIGHT,
    body: [
      grid(x, y, right),
      ...inside.map((trial) =>
        element('circle', {
          ...{ cx: at(x.scale.at(x.of(trial))), cy: at(y.scale.at(y.of(trial))) },
          ...{ r: 2.5, class: 'faint' },
        }),
      ),
      far === 0 ? '' : label(0, HEIGHT - 4, `${countOf(far, 'trial')} farther out`, { kind: 'tick' }),
      others.length === 0 ? staircase(x, y, members) : '',
      before,
      ...dots,
    ].join(''),
  };
}

function isInside(axes: readonly Axis[], trial: FrontTrial): boolean {
  return axes.every(({ of, scale }) => of(trial) >= scale.from && of(trial) <= scale.to);
}

/** More are in the table beside it. */
const MOST_TOLD = 12;

function descriptionOf(
  { members, default: usual }: FoundFront,
  said: (who: string, member: FrontMember) => string,
): string {
  const told = members.slice(0, MOST_TOLD).map((member, place) => said(`optimum ${place + 1}`, member));
  const left = members.length - told.length;
  return [
    ...told,
    ...(left === 0 ? [] : [`${left} more`]),
    ...(usual === null ? [] : [said('default', usual)]),
  ]
    .map((sentence) => `${sentence}.`)
    .join(' ');
}

/** From the optima to the trials behind them, but for those far away. Logarithmic where no value is zero. */
function axisOf(
  name: string,
  members: readonly FrontMember[],
  trials: readonly FrontTrial[],
  pixels: Readonly<{ from: number; to: number }>,
): Axis {
  const of = (trial: FrontTrial): number => valueAt(name, trial) ?? Number.POSITIVE_INFINITY;
  const optima = members.map(of);
  const [least, most] = [Math.min(...optima), Math.max(...optima)];
  const isLog = least > 0;
  const far = isLog ? FARTHEST * most : most + FARTHEST * (most - least);
  const end = most === least ? Number.POSITIVE_INFINITY : far;
  const values = [...optima, ...trials.map(of).filter((value) => value >= least && value < end)];
  return { name, of, scale: (isLog ? logScale : linearScale)(values, pixels, TICKS) };
}

function dot(x: Axis, y: Axis, member: FrontMember, said: string): string {
  const place = { cx: at(x.scale.at(x.of(member))), cy: at(y.scale.at(y.of(member))) };
  return element('circle', { ...place, r: 4, class: 'ring' }, element('title', {}, escapeText(said)));
}

/** What is used today, told from the optima by its form; in words where it lies far outside, else the optima would be one point. */
function square(x: Axis, y: Axis, member: FrontMember, right: number, said: (who: string) => string): string {
  if (!isInside([x, y], member))
    return label(right, TOP - 4, said('default, outside'), { anchor: 'end', kind: 'tick' });
  const [left, top] = [at(x.scale.at(x.of(member)) - 4), at(y.scale.at(y.of(member)) - 4)];
  const form = element(
    'rect',
    { x: left, y: top, width: 8, height: 8, class: 'usual' },
    element('title', {}, escapeText(said('default'))),
  );
  const isLeft = left < right / 2;
  const place = isLeft ? left + 12 : left - 4;
  return form + label(place, top - 2, 'default', { anchor: isLeft ? 'start' : 'end', kind: 'tick' });
}

/** What the front dominates lies above and to the right of it. */
function staircase(x: Axis, y: Axis, members: readonly FrontMember[]): string {
  const steps = members.map((member, place) => {
    const [right, up] = [at(x.scale.at(x.of(member))), at(y.scale.at(y.of(member)))];
    return place === 0 ? `M${right},${up}` : `H${right}V${up}`;
  });
  return element('path', { d: steps.join(''), class: 'curve' });
}

function grid(x: Axis, y: Axis, right: number): string {
  const lines = y.scale.ticks.map(
    (tick) =>
      element('line', {
        x1: LEFT,
        x2: right,
        y1: at(y.scale.at(tick)),
        y2: at(y.scale.at(tick)),
        class: 'grid',
      }) + label(LEFT - 8, y.scale.at(tick) + 4, formatMetric(tick), { anchor: 'end', kind: 'tick' }),
  );
  const below = x.scale.ticks.map((tick) =>
    label(x.scale.at(tick), HEIGHT - BOTTOM + 17, formatMetric(tick), { anchor: 'middle', kind: 'tick' }),
  );
  return [
    ...lines,
    ...below,
    label(right, HEIGHT - 4, objectiveTitle(x.name), { anchor: 'end', kind: 'tick' }),
    label(0, 10, objectiveTitle(y.name), { kind: 'tick' }),
  ].join('');
}

function at(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}
