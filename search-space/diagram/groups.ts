import type { ConstraintExpression } from '../constraint.ts';
import { compile } from '../evaluate.ts';
import { sizeOf } from '../expression-parts.ts';
import type { Parameter } from '../parameter.ts';
import { holds, pythonValueOf } from '../python-arithmetic.ts';
import { Analysis, type ParameterDomain } from './analysis.ts';
import { arrange } from './arrange.ts';
import { buildDiagram, type Choices } from './build-diagram.ts';
import { DecisionOrder } from './decision-order.ts';
import type { Diagram } from './diagram.ts';
import { planLevels } from './levels.ts';
import type { WorkMeter } from './meter.ts';
import { orderOf } from './order.ts';
import { conjunctsOf, simplify } from './simplify.ts';

/** The members of a space as independent diagrams, and which parameters a constraint ties together. */
export type Factored = Readonly<{
  diagrams: readonly Diagram[];
  /** For each place, the diagram that decides it, and the digits that its members have, ascending. */
  decided: readonly Readonly<{ diagram: Diagram; digits: readonly number[] }>[];
  /** For each place, the places that share a constraint with it, itself not included. */
  tied: readonly ReadonlySet<number>[];
}>;

/**
 * Splits parameters into groups that no constraint connects, and builds each group's diagram; undefined where no
 * configuration is left. Throws OutOfBounds where the meter ends it.
 */
export function factor(
  parameters: readonly Parameter[],
  expressions: readonly ConstraintExpression[],
  meter: WorkMeter,
): Factored | undefined {
  const narrowed = narrow(parameters, expressions, meter);
  if (narrowed === undefined) return undefined;
  const { analysis, choices, constraints } = narrowed;
  const sets = constraints.map((constraint) => analysis.facts(constraint).variables);
  const diagrams: Diagram[] = [];
  for (const places of groupsOf(parameters.length, sets)) {
    const own = constraints.filter((_, i) => places.includes(sets[i][0]));
    const names = places.map((place) => parameters[place].name);
    meter.enter({ state: 'ordering', parameters: names, decided: 0 });
    const diagram = diagramOf(places, own, { parameters, choices, analysis, meter });
    if (diagram === undefined) return undefined;
    diagrams.push(diagram);
  }
  meter.spend(sets.reduce((sum, { length }) => sum + (length * length) / 8, 0));
  return { diagrams, decided: decidedBy(diagrams), tied: tiesOf(parameters.length, sets) };
}

function decidedBy(diagrams: readonly Diagram[]): Factored['decided'] {
  const decided: { diagram: Diagram; digits: readonly number[] }[] = [];
  for (const diagram of diagrams) {
    for (const { place, digit } of diagram.levels) {
      decided[place] = { diagram, digits: [...new Set(digit)].sort((a, b) => a - b) };
    }
  }
  return decided;
}

type Narrowed = Readonly<{
  analysis: Analysis;
  choices: readonly Choices[];
  constraints: readonly ConstraintExpression[];
}>;

/** Applies constraints on one parameter to its choices until nothing changes; the others are simplified. */
function narrow(
  parameters: readonly Parameter[],
  expressions: readonly ConstraintExpression[],
  meter: WorkMeter,
): Narrowed | undefined {
  const sizes = expressions.reduce((sum, expression) => sum + sizeOf(expression), 0);
  let choices: readonly Choices[] = parameters.map(({ values }) => ({
    digits: values.map((_, digit) => digit),
    operands: values.map(pythonValueOf),
  }));
  for (;;) {
    meter.spend(sizes);
    const analysis = new Analysis(domainsOf(parameters, choices));
    const conjuncts = expressions.flatMap((expression) => conjunctsOf(simplify(expression, analysis)));
    const parts = [...new Set(conjuncts)];
    const constants = parts.filter((part) => part.kind === 'constant');
    if (constants.some(({ value }) => !holds(pythonValueOf(value)))) return undefined;
    const single = parts.filter((part) => analysis.facts(part).variables.length === 1);
    const fewer = choices.map((given, place) => filtered(given, place, single, analysis, meter));
    if (fewer.some(({ digits }) => digits.length === 0)) return undefined;
    const constraints = parts.filter((part) => analysis.facts(part).variables.length > 1);
    if (fewer.every(({ digits }, place) => digits.length === choices[place].digits.length)) {
      return { analysis, choices, constraints };
    }
    choices = fewer;
  }
}

function domainsOf(
  parameters: readonly Parameter[],
  choices: readonly Choices[],
): ReadonlyMap<string, ParameterDomain> {
  return new Map(parameters.map(({ name }, place) => [name, { place, values: choices[place].operands }]));
}

function filtered(
  choices: Choices,
  place: number,
  single: readonly ConstraintExpression[],
  analysis: Analysis,
  meter: WorkMeter,
): Choices {
  const tests = single
    .filter((part) => analysis.facts(part).variables[0] === place)
    .map((part) => compile(part, (inner) => (inner.kind === 'name' ? 0 : undefined)));
  if (tests.length === 0) return choices;
  meter.spend(tests.length * choices.digits.length);
  const kept = choices.digits.map((_, i) => tests.every((test) => holds(test([choices.operands[i]]))));
  return {
    digits: choices.digits.filter((_, i) => kept[i]),
    operands: choices.operands.filter((_, i) => kept[i]),
  };
}

/** Connected places (union-find), each group ascending, groups by their first place. */
function groupsOf(count: number, sets: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const parent = Array.from({ length: count }, (_, place) => place);
  const root = (place: number): number => {
    while (parent[place] !== place) {
      parent[place] = parent[parent[place]];
      place = parent[place];
    }
    return place;
  };
  for (const [first, ...others] of sets) {
    for (const other of others) parent[root(other)] = root(first);
  }
  const groups = new Map<number, number[]>();
  for (let place = 0; place < count; place++) {
    const members = groups.get(root(place));
    if (members === undefined) groups.set(root(place), [place]);
    else members.push(place);
  }
  return [...groups.values()];
}

type Work = Readonly<{
  parameters: readonly Parameter[];
  choices: readonly Choices[];
  analysis: Analysis;
  meter: WorkMeter;
}>;

function diagramOf(
  places: readonly number[],
  constraints: readonly ConstraintExpression[],
  { parameters, choices, analysis, meter }: Work,
): Diagram | undefined {
  const operandsAt = choices.map((choice) => choice.operands);
  const found = places.length > 1 ? orderOf(places, constraints, operandsAt, analysis, meter) : places;
  const order = new DecisionOrder(found, analysis);
  const arranged = constraints.map((constraint) => arrange(constraint, order, analysis));
  const levels = planLevels({ order, constraints: arranged, operandsAt, analysis, meter });
  const names = order.places.map((place) => parameters[place].name);
  return buildDiagram(levels, choices, names, meter);
}

function tiesOf(count: number, sets: readonly (readonly number[])[]): readonly ReadonlySet<number>[] {
  const tied = Array.from({ length: count }, () => new Set<number>());
  for (const set of sets) {
    for (const place of set) {
      for (const other of set) if (other !== place) tied[place].add(other);
    }
  }
  return tied;
}
