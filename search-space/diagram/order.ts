import type { ConstraintExpression } from '../constraint.ts';
import { compile } from '../evaluate.ts';
import { partsOf } from '../expression-parts.ts';
import { holds, type PythonValue } from '../python-arithmetic.ts';
import type { Analysis } from './analysis.ts';
import type { WorkMeter } from './meter.ts';

/** How many beginnings of an order are kept while it is sought. */
const beam = 8;
const samples = 64;

type Prefix = Readonly<{ places: readonly number[]; key: number; cost: number; width: number }>;

/** Something to remember: how many outcomes it has (as a logarithm), and the parameters it is made of. */
type Part = Readonly<{ logOutcomes: number; places: readonly number[] }>;

/** A constraint, its parameters, and the share of random assignments that satisfy it (as a logarithm). */
type Weighed = Readonly<{
  variables: readonly number[];
  logShare: number;
  /** What is to be remembered of it once the parameters marked have values; nothing when it is decided. */
  partsAfter: (isGiven: Uint8Array) => readonly Part[];
}>;

/**
 * The order in which a group's parameters are decided: a beam search for the order whose diagram has
 * the fewest edges by estimate. A level is as wide as there are different things to remember: values
 * of the known parts of open constraints, or of the parameters in them, less what constraints forbid.
 */
export function orderOf(
  places: readonly number[],
  constraints: readonly ConstraintExpression[],
  valuesAt: readonly (readonly PythonValue[])[],
  analysis: Analysis,
  meter: WorkMeter,
): readonly number[] {
  const width = widthEstimate(constraints, valuesAt, analysis, meter);
  let prefixes: readonly Prefix[] = [{ places: [], key: 0, cost: 0, width: 1 }];
  for (let level = 0; level < places.length; level++) {
    const longer = new Map<number, Prefix>();
    for (const prefix of prefixes) {
      places.forEach((place, bit) => {
        if (prefix.places.includes(place)) return;
        meter.spend(1);
        const cost = prefix.cost + prefix.width * valuesAt[place].length;
        // The set of places, exact up to 53 of them; a mix-up beyond that costs speed at most.
        const key = prefix.key + 2 ** bit;
        const known = longer.get(key);
        if (known !== undefined && known.cost <= cost) return;
        const next = [...prefix.places, place];
        longer.set(key, { places: next, key, cost, width: known?.width ?? width(next) });
      });
    }
    prefixes = [...longer.values()].sort((a, b) => a.cost + a.width - b.cost - b.width).slice(0, beam);
  }
  return prefixes[0].places;
}

/** How many different states a level has, at a guess, once the given places have values. */
function widthEstimate(
  constraints: readonly ConstraintExpression[],
  valuesAt: readonly (readonly PythonValue[])[],
  analysis: Analysis,
  meter: WorkMeter,
): (given: readonly number[]) => number {
  const logValues = valuesAt.map((values) => Math.log(values.length));
  const parts = partTable(logValues);
  const weighed = constraints.map((expression) => weigh(expression, valuesAt, parts, analysis));
  const mentions = weighed.reduce((sum, { variables }) => sum + variables.length, 0);
  return (given) => {
    meter.spend(1 + mentions / 8);
    const isGiven = marked(given, valuesAt.length);
    const remembered = new Set(weighed.flatMap(({ partsAfter }) => partsAfter(isGiven)));
    let logStates = 0;
    const isNeeded = new Uint8Array(valuesAt.length);
    for (const { logOutcomes, places } of remembered) {
      logStates += logOutcomes;
      for (const place of places) isNeeded[place] = 1;
    }
    let logTuples = 0;
    for (const place of given) if (isNeeded[place]) logTuples += logValues[place];
    for (const { variables, logShare } of weighed) {
      if (variables.every((place) => isNeeded[place])) logTuples += logShare;
    }
    return Math.exp(Math.min(logStates, logTuples));
  };
}

function marked(places: readonly number[], count: number): Uint8Array {
  const marks = new Uint8Array(count);
  for (const place of places) marks[place] = 1;
  return marks;
}

type PartTable = (key: string, places: readonly number[]) => Part;

/** Equal parts of different constraints are one object, since they are remembered once. */
function partTable(logValues: readonly number[]): PartTable {
  const parts = new Map<string, Part>();
  return (key, places) => {
    const known = parts.get(key);
    if (known !== undefined) return known;
    const log = places.reduce((sum, place) => sum + logValues[place], 0);
    // Sums and products of several parameters coincide often: fewer outcomes than there are tuples.
    const part = { places, logOutcomes: places.length === 1 ? log : 0.75 * log };
    parts.set(key, part);
    return part;
  };
}

/** Collects the largest parts that are known once the marked places have values. */
function knownParts(
  expression: ConstraintExpression,
  isGiven: Uint8Array,
  parts: PartTable,
  analysis: Analysis,
): readonly Part[] {
  const { id, variables, chain } = analysis.facts(expression);
  const given = variables.filter((place) => isGiven[place]);
  if (given.length === 0) return [];
  if (given.length === variables.length) return [parts(String(id), variables)];
  const found: Part[] = [];
  const joined: number[] = [];
  for (const inner of chain ?? partsOf(expression)) {
    const needs = analysis.facts(inner).variables;
    if (chain !== undefined && needs.every((place) => isGiven[place])) joined.push(...needs);
    else found.push(...knownParts(inner, isGiven, parts, analysis));
  }
  if (joined.length > 0) found.push(parts(`${id}:${joined.join()}`, [...new Set(joined)]));
  return found;
}

/** The same for one constraint, each subset of its parameters worked out once. */
function rememberedParts(
  expression: ConstraintExpression,
  parts: PartTable,
  analysis: Analysis,
): Weighed['partsAfter'] {
  const { variables } = analysis.facts(expression);
  const known = new Map<number, readonly Part[]>();
  return (isGiven) => {
    let subset = 0;
    let count = 0;
    for (const place of variables) {
      subset = 2 * subset + isGiven[place];
      count += isGiven[place];
    }
    if (count === 0 || count === variables.length) return [];
    const cached = known.get(subset);
    if (cached !== undefined) return cached;
    const found = knownParts(expression, isGiven, parts, analysis);
    known.set(subset, found);
    return found;
  };
}

function weigh(
  expression: ConstraintExpression,
  valuesAt: readonly (readonly PythonValue[])[],
  parts: PartTable,
  analysis: Analysis,
): Weighed {
  const { variables } = analysis.facts(expression);
  const test = compile(expression, (part) =>
    part.kind === 'name' ? analysis.domain(part.name)?.place : undefined,
  );
  const slots: PythonValue[] = valuesAt.map((values) => values[0]);
  let state = 1;
  let satisfied = 0;
  for (let i = 0; i < samples; i++) {
    for (const place of variables) {
      // Lehmer's generator: a fixed spread of assignments is all that is needed.
      state = (state * 48271) % 0x7fffffff;
      slots[place] = valuesAt[place][state % valuesAt[place].length];
    }
    if (holds(test(slots))) satisfied++;
  }
  const logShare = Math.log((satisfied + 1) / (samples + 1));
  return { variables, logShare, partsAfter: rememberedParts(expression, parts, analysis) };
}
