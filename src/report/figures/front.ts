import type { FoundFront, FrontMember } from '../../../tuner/objectives/found-front.ts';
import { TIME } from '../../../tuner/objectives/metrics.ts';
import { valueAt } from '../../../tuner/objectives/objective.ts';
import { element, escapeText } from '../../languages/markup.ts';
import type { Figure } from '../svg/figure.ts';
import { label } from '../svg/label.ts';
import { linearScale, logScale, type Scale } from '../svg/scale.ts';
import { frontWords, objectiveTexts, objectiveTitle } from '../words/front.ts';
import { formatMetric } from '../words/numbers.ts';
import { HALF } from './_place.ts';

const HEIGHT = 260;
const TOP = 24;
const BOTTOM = 38;
const LEFT = 72;
const RIGHT = 64;
const TICKS = 5;

type Axis = Readonly<{ name: string; of(member: FrontMember): number; scale: Scale }>;

/** The Pareto optima of the first two objectives; undefined for one objective, or without members. */
export function plotFront(id: string, front: FoundFront): Figure | undefined {
  const [first, second, ...others] = front.objectives;
  if (second === undefined || front.members.length === 0) return undefined;
  const { members, default: usual } = front;
  const x = axisOf(first, members, { from: LEFT, to: HALF - RIGHT });
  const y = axisOf(second, members, { from: HEIGHT - BOTTOM, to: TOP });
  const said = (who: string, member: FrontMember): string =>
    `${who}: ${objectiveTexts(front, member)
      .map((text, place) => `${text} ${objectiveTitle(front.objectives[place])}`)
      .join(', ')}`;
  const dots = members.map((member, place) => dot(x, y, member, said(`optimum ${place + 1}`, member)));
  const before = usual === null ? '' : square(x, y, usual, (who) => said(who, usual));
  return {
    id,
    title: `${frontWords(front)}${others.length === 0 ? '' : `: ${first} and ${second}`}`,
    description: descriptionOf(front, said),
    width: HALF,
    height: HEIGHT,
    body: [grid(x, y), others.length === 0 ? staircase(x, y, members) : '', before, ...dots].join(''),
  };
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

/** Logarithmic where no value is zero. */
function axisOf(
  name: string,
  members: readonly FrontMember[],
  pixels: Readonly<{ from: number; to: number }>,
): Axis {
  const of = (member: FrontMember): number => valueAt(name, member) ?? 0;
  const values = members.map(of);
  const scale = values.every((value) => value > 0)
    ? logScale(values, pixels, TICKS)
    : linearScale(values, pixels, TICKS);
  return { name, of, scale };
}

function dot(x: Axis, y: Axis, member: FrontMember, said: string): string {
  const place = { cx: at(x.scale.at(x.of(member))), cy: at(y.scale.at(y.of(member))) };
  return element('circle', { ...place, r: 4, class: 'ring' }, element('title', {}, escapeText(said)));
}

/** What is used today, told from the optima by its form; in words where it lies far outside, else the optima would be one point. */
function square(x: Axis, y: Axis, member: FrontMember, said: (who: string) => string): string {
  const isInside = [x, y].every(
    (axis) => axis.of(member) >= axis.scale.from && axis.of(member) <= axis.scale.to,
  );
  if (!isInside)
    return label(HALF - RIGHT, TOP - 4, said('default, outside'), { anchor: 'end', kind: 'tick' });
  const [left, top] = [at(x.scale.at(x.of(member)) - 4), at(y.scale.at(y.of(member)) - 4)];
  const form = element(
    'rect',
    { x: left, y: top, width: 8, height: 8, class: 'usual' },
    element('title', {}, escapeText(said('default'))),
  );
  const isLeft = left < HALF / 2;
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

function grid(x: Axis, y: Axis): string {
  const lines = y.scale.ticks.map(
    (tick) =>
      element('line', {
        x1: LEFT,
        x2: HALF - RIGHT,
        y1: at(y.scale.at(tick)),
        y2: at(y.scale.at(tick)),
        class: 'grid',
      }) + label(LEFT - 8, y.scale.at(tick) + 4, tickText(y, tick), { anchor: 'end', kind: 'tick' }),
  );
  const below = x.scale.ticks.map((tick) =>
    label(x.scale.at(tick), HEIGHT - BOTTOM + 17, tickText(x, tick), { anchor: 'middle', kind: 'tick' }),
  );
  return [
    ...lines,
    ...below,
    label(HALF - RIGHT, HEIGHT - 4, objectiveTitle(x.name), { anchor: 'end', kind: 'tick' }),
    label(0, 10, objectiveTitle(y.name), { kind: 'tick' }),
  ].join('');
}

function tickText({ name }: Axis, tick: number): string {
  return name === TIME ? formatMetric(tick) : formatMetric(tick);
}

function at(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}
