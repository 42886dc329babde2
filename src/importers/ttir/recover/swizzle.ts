import { laneSize } from '../execute/axes.ts';
import { refusal } from '../refusal.ts';
import { quotient, remainder } from '../symbols/divide.ts';
import {
  add,
  atomIndex,
  constantIndex,
  evaluateIndex,
  type Index,
  type IndexTerm,
  scale,
  subtract,
  sumsIn,
  variable,
  variablesOf,
} from '../symbols/index-expression.ts';
import { allIndices, type IterationDomain, maskConjuncts, replaceIndices } from './domain.ts';

/**
 * Programs of a matrix product visit their tiles in a swizzled order: `pid % min(…)` and its like
 * are no affine functions of the program id. But together such functions only renumber the tiles:
 * if they map the program ids one to one onto all tiles (each is tried), they are the tile's own
 * coordinates, and the order of programs is gone.
 */
export function unswizzle(domain: IterationDomain): void {
  const coordinates = coordinatesOf(domain);
  if (!coordinates.some(({ sum }) => isOpaque(sum))) return;
  const pid = [...variablesOf(coordinates[0].sum)][0];
  requireRenumbering(domain, coordinates, pid);
  for (const { name, tiles } of coordinates) domain.extents.set(name, tiles);
  replaceIndices(domain, (index) => withCoordinates(index, coordinates));
}

/** A function of one program id that counts tiles, and the number of tiles that stores check. */
type Coordinate = Readonly<{ name: string; sum: Index; tiles: number }>;

const MAX_PROGRAMS = 2 ** 22;

function isOpaque(index: Index): boolean {
  return [...sumsIn(index)].some((sum) => [...sum.terms.values()].some(({ atom }) => atom.kind === 'opaque'));
}

/** The terms of a sum that depend on nothing but program ids. */
function programPart(index: Index): Index {
  const terms = [...index.terms.values()].filter(({ atom }) => {
    const names = [...variablesOf(atomIndex(atom))];
    return names.length === 1 && names.every((name) => name.startsWith('pid'));
  });
  return sumOf(terms);
}

function sumOf(terms: readonly IndexTerm[]): Index {
  return terms.reduce<Index>((sum, { atom, factor }) => add(sum, atomIndex(atom), factor), constantIndex(0));
}

/** Every `sum · BLOCK + lane < n` in the masks of stores, where the sum depends on the swizzled program id. */
function coordinatesOf(domain: IterationDomain): Coordinate[] {
  const swizzled = new Set(
    allIndices(domain).flatMap((index) => (isOpaque(index) ? [...variablesOf(programPart(index))] : [])),
  );
  const found = new Map<string, Coordinate>();
  for (const sink of domain.sinks) {
    for (const { form } of maskConjuncts(sink.mask)) {
      if (form.kind !== 'sign' || form.sign !== 'lt') continue;
      const part = programPart(form.index);
      if (![...variablesOf(part)].some((name) => swizzled.has(name))) continue;
      const block = blockOf(subtract(form.index, part));
      if (block === undefined) continue;
      const sum = dividedBy(part, block);
      if (sum === undefined || found.has(sum.key)) continue;
      const tiles = Math.ceil(-form.index.constant / block);
      found.set(sum.key, { name: `pid0.tile${found.size}`, sum, tiles });
    }
  }
  return [...found.values()];
}

/** The number of lanes where the rest of an index is one lane and a constant. */
function blockOf(rest: Index): number | undefined {
  const [term, ...others] = [...rest.terms.values()];
  if (others.length > 0) return undefined;
  if (term === undefined) return 1;
  return term.atom.kind === 'variable' && term.factor === 1 ? laneSize(term.atom.name) : undefined;
}

function dividedBy(index: Index, by: number): Index | undefined {
  const terms = [...index.terms.values()];
  if (terms.some(({ factor }) => factor % by !== 0)) return undefined;
  return sumOf(terms.map(({ atom, factor }) => ({ atom, factor: factor / by })));
}

function requireRenumbering(domain: IterationDomain, coordinates: readonly Coordinate[], pid: string): void {
  const programs = coordinates.reduce((all, { tiles }) => all * tiles, 1);
  const place = domain.sinks[0];
  if (programs > MAX_PROGRAMS)
    throw refusal(domain.file, place, `not affine: ${programs} programs in swizzled order`);
  const seen = new Set<number>();
  for (let program = 0; program < programs; program++) {
    let tile = 0;
    for (const { sum, tiles } of coordinates) {
      const at = evaluateIndex(sum, (name) => (name === pid ? program : Number.NaN));
      if (!(at >= 0 && at < tiles)) throw refusal(domain.file, place, NO_RENUMBERING);
      tile = tile * tiles + at;
    }
    seen.add(tile);
  }
  if (seen.size !== programs) throw refusal(domain.file, place, NO_RENUMBERING);
}

const NO_RENUMBERING =
  'not affine: tiles are computed from program ids in a way that does not reach each of them once';

/** The index with `factor · coordinate` wherever that sum of program ids stands in it. */
function withCoordinates(index: Index, coordinates: readonly Coordinate[]): Index {
  let part = programPart(index);
  let result = constantIndex(index.constant);
  for (const { name, sum } of coordinates) {
    const factor = multipleOf(part, sum);
    if (factor === undefined) continue;
    result = add(result, variable(name), factor);
    part = subtract(part, scale(sum, factor));
  }
  const rest = add(subtract(subtract(index, programPart(index)), constantIndex(index.constant)), part);
  for (const { atom, factor } of rest.terms.values()) {
    if (atom.kind !== 'quotient' && atom.kind !== 'remainder') result = add(result, atomIndex(atom), factor);
    else {
      const completed = atom.kind === 'remainder' ? completeSum(atom.of, atom.by, coordinates) : atom.of;
      const inner = withCoordinates(completed, coordinates);
      result = add(result, (atom.kind === 'quotient' ? quotient : remainder)(inner, atom.by), factor);
    }
  }
  return result;
}

/**
 * Inside a remainder by n, multiples of n have been left out of a coordinate's sum: they are added
 * again, which changes nothing and makes the sum recognisable.
 */
function completeSum(index: Index, by: number, coordinates: readonly Coordinate[]): Index {
  const part = programPart(index);
  for (const { sum } of coordinates) {
    const opaque = [...sum.terms].filter(([, { atom }]) => isOpaque(atomIndex(atom)));
    const factors = opaque.map(([key, { factor }]) => (part.terms.get(key)?.factor ?? 0) / factor);
    const [first] = factors;
    if (first === undefined || first === 0 || factors.some((factor) => factor !== first)) continue;
    const missing = subtract(scale(sum, first), part);
    if ([...missing.terms.values()].every(({ factor }) => factor % by === 0)) return add(index, missing);
  }
  return index;
}

/** The number by which `sum` stands in `part`: that of its terms, if they all agree. */
function multipleOf(part: Index, sum: Index): number | undefined {
  const factors = [...sum.terms].map(([key, { factor }]) => (part.terms.get(key)?.factor ?? 0) / factor);
  const [first] = factors;
  return first !== undefined && first !== 0 && factors.every((factor) => factor === first)
    ? first
    : undefined;
}
