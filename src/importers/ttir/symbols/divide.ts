import {
  add,
  atomIndex,
  atomRange,
  constantIndex,
  type Index,
  type IndexTerm,
  type Ranges,
  rangeOf,
  sum,
  unbounded,
} from './index-expression.ts';

/** floor(index / by), simplified as far as the ranges allow. */
export function quotient(index: Index, by: number, ranges: Ranges = unbounded): Index {
  return divide(index, by, ranges).quotient;
}

/** index − by · floor(index / by). */
export function remainder(index: Index, by: number, ranges: Ranges = unbounded): Index {
  return divide(index, by, ranges).remainder;
}

type Division = { quotient: Index; remainder: Index };

function divide(index: Index, by: number, ranges: Ranges): Division {
  if (by === 1) return { quotient: index, remainder: constantIndex(0) };
  const { multiple, rest } = splitMultiples(index, by);
  const below = (part: Index): boolean => {
    const range = rangeOf(part, ranges);
    return range.least >= 0 && range.greatest < by;
  };
  if (below(rest)) return { quotient: multiple, remainder: rest };
  const split = splitTerms(rest, by, ranges);
  if (split !== undefined && below(split.rest)) {
    return { quotient: add(multiple, split.multiple), remainder: split.rest };
  }
  const inner = divideRest(rest, by, ranges);
  return { quotient: add(multiple, inner.quotient), remainder: inner.remainder };
}

/** index = by · multiple + rest, term by term. */
function splitMultiples(index: Index, by: number): { multiple: Index; rest: Index } {
  const whole = Math.floor(index.constant / by);
  const multiple: [string, IndexTerm][] = [];
  const rest: [string, IndexTerm][] = [];
  for (const [key, term] of index.terms) {
    if (term.factor % by === 0) multiple.push([key, { ...term, factor: term.factor / by }]);
    else rest.push([key, term]);
  }
  return { multiple: sum(whole, multiple), rest: sum(index.constant - whole * by, rest) };
}

/** As splitMultiples, cutting each term whose factor divides `by` at the place where it overflows. */
function splitTerms(rest: Index, by: number, ranges: Ranges): { multiple: Index; rest: Index } | undefined {
  if (rest.terms.size < 2) return undefined;
  let multiple = constantIndex(0);
  let low = constantIndex(rest.constant);
  for (const { atom, factor } of rest.terms.values()) {
    const room = by / factor;
    const fits = atomRange(atom, ranges).greatest < room;
    if (factor < 0) return undefined;
    if (fits || !Number.isInteger(room)) low = add(low, atomIndex(atom), factor);
    else {
      const parts = divide(atomIndex(atom), room, ranges);
      multiple = add(multiple, parts.quotient);
      low = add(low, parts.remainder, factor);
    }
  }
  return { multiple, rest: low };
}

function divideRest(rest: Index, by: number, ranges: Ranges): Division {
  const common = commonFactor(rest, by);
  if (common > 1) {
    const low = rest.constant % common;
    const shrunk = divide(dividedBy(rest, common), by / common, ranges);
    return { quotient: shrunk.quotient, remainder: add(constantIndex(low), shrunk.remainder, common) };
  }
  return divideSingle(rest, by, ranges) ?? opaqueDivision(rest, by);
}

function opaqueDivision(rest: Index, by: number): Division {
  return {
    quotient: atomIndex({ kind: 'quotient', of: rest, by }),
    remainder: atomIndex({ kind: 'remainder', of: rest, by }),
  };
}

/** (e / a) / b = e / ab; (e % a) / b = (e / b) % (a / b) and (e % a) % b = e % b where b divides a. */
function divideSingle(rest: Index, by: number, ranges: Ranges): Division | undefined {
  if (rest.terms.size !== 1 || rest.constant !== 0) return undefined;
  const [{ atom, factor }] = [...rest.terms.values()];
  if (factor !== 1 || (atom.kind !== 'quotient' && atom.kind !== 'remainder')) return undefined;
  if (atom.kind === 'quotient') {
    return {
      quotient: quotient(atom.of, atom.by * by, ranges),
      remainder: atomIndex({ kind: 'remainder', of: rest, by }),
    };
  }
  if (atom.by % by !== 0) return undefined;
  return {
    quotient: remainder(quotient(atom.of, by, ranges), atom.by / by, ranges),
    remainder: remainder(atom.of, by, ranges),
  };
}

function commonFactor(index: Index, by: number): number {
  let common = by;
  for (const { factor } of index.terms.values()) common = greatestCommonDivisor(common, Math.abs(factor));
  return common;
}

function dividedBy(index: Index, common: number): Index {
  const terms = [...index.terms].map(
    ([key, { atom, factor }]) => [key, { atom, factor: factor / common }] as const,
  );
  return sum(Math.floor(index.constant / common), terms);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
