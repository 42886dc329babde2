import type { ConstraintExpression } from '../constraint.ts';
import { compile } from '../evaluate.ts';
import { holds, type Operand } from '../python-arithmetic.ts';
import { type Analysis, partsOf } from './analysis.ts';

/** How many beginnings of an order are kept while it is sought. */
const beam = 8;
const samples = 64;

type Prefix = Readonly<{ places: readonly number[]; cost: number; width: number }>;

/** A constraint, its parameters, and the share of random assignments that satisfy it (as a logarithm). */
type Weighed = Readonly<{
  expression: ConstraintExpression;
  variables: readonly number[];
  logShare: number;
}>;

/**
 * The order in which a group's parameters are decided: a beam search for the order whose diagram has
 * the fewest edges by estimate. A level is as wide as there are different things to remember: values
 * of the known parts of open constraints, or of the parameters in them, less what constraints forbid.
 */
export function orderOf(
  places: readonly number[],
  constraints: readonly ConstraintExpression[],
  valuesAt: readonly (readonly Operand[])[],
  analysis: Analysis,
): readonly number[] {
  const weighed = constraints.map((expression) => weigh(expression, valuesAt, analysis));
  const width = widthEstimate(weighed, valuesAt, analysis);
  let prefixes: readonly Prefix[] = [{ places: [], cost: 0, width: 1 }];
  for (let level = 0; level < places.length; level++) {
    const longer = new Map<string, Prefix>();
    for (const prefix of prefixes) {
      for (const place of places) {
        if (prefix.places.includes(place)) continue;
        const next = [...prefix.places, place];
        const cost = prefix.cost + prefix.width * valuesAt[place].length;
        const key = [...next].sort((a, b) => a - b).join();
        const known = longer.get(key);
        if (known !== undefined && known.cost <= cost) continue;
        longer.set(key, { places: next, cost, width: known?.width ?? width(next) });
      }
    }
    prefixes = [...longer.values()].sort((a, b) => a.cost + a.width - b.cost - b.width).slice(0, beam);
  }
  return prefixes[0].places;
}

/** How many different states a level has, at a guess, once the given places have values. */
function widthEstimate(
  constraints: readonly Weighed[],
  valuesAt: readonly (readonly Operand[])[],
  analysis: Analysis,
): (given: readonly number[]) => number {
  const logValues = valuesAt.map((values) => Math.log(values.length));
  return (given) => {
    const isGiven = new Uint8Array(valuesAt.length);
    for (const place of given) isGiven[place] = 1;
    const parts = new Map<string, readonly number[]>();
    for (const { expression, variables } of constraints) {
      if (!variables.every((place) => isGiven[place])) knownParts(expression, isGiven, analysis, parts);
    }
    const places = [...new Set([...parts.values()].flat())];
    let logStates = 0;
    for (const variables of parts.values()) logStates += logOutcomes(variables, logValues);
    let logTuples = 0;
    for (const place of places) logTuples += logValues[place];
    for (const { variables, logShare } of constraints) {
      if (variables.every((place) => places.includes(place))) logTuples += logShare;
    }
    return Math.exp(Math.min(logStates, logTuples));
  };
}

/** Sums and products of several parameters coincide often: fewer outcomes than there are tuples. */
function logOutcomes(variables: readonly number[], logValues: readonly number[]): number {
  let log = 0;
  for (const place of variables) log += logValues[place];
  return variables.length === 1 ? log : 0.75 * log;
}

/** Collects the largest parts that are known once the given places have values. */
function knownParts(
  expression: ConstraintExpression,
  isGiven: Uint8Array,
  analysis: Analysis,
  into: Map<string, readonly number[]>,
): void {
  const { id, variables, chain } = analysis.facts(expression);
  const given = variables.filter((place) => isGiven[place]);
  if (given.length === 0) return;
  if (given.length === variables.length) {
    into.set(String(id), variables);
    return;
  }
  const known: number[] = [];
  for (const part of chain ?? partsOf(expression)) {
    const inner = analysis.facts(part).variables;
    const complete = inner.every((place) => isGiven[place]);
    if (chain !== undefined && complete) known.push(...inner);
    else knownParts(part, isGiven, analysis, into);
  }
  if (known.length > 0) into.set(`${id}:${known.join()}`, [...new Set(known)]);
}

function weigh(
  expression: ConstraintExpression,
  valuesAt: readonly (readonly Operand[])[],
  analysis: Analysis,
): Weighed {
  const { variables } = analysis.facts(expression);
  const test = compile(expression, (part) =>
    part.kind === 'name' ? analysis.domain(part.name)?.place : undefined,
  );
  const slots: Operand[] = valuesAt.map((values) => values[0]);
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
  return { expression, variables, logShare: Math.log((satisfied + 1) / (samples + 1)) };
}
