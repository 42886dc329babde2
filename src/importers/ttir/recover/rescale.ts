import { InputError } from '../../../../search-space/input-error.ts';
import { formatShape } from '../../../kernels/shape.ts';
import { indicesOf, reachable } from '../symbols/node.ts';
import type { NamedDimension } from './dimensions.ts';
import { allIndices, type IterationDomain, roomFor, sinkNodes } from './domain.ts';
import type { Recovered } from './emit.ts';

/** Which program ids Inductor's numels count. */
const NUMELS: Readonly<Record<string, string>> = { xnumel: 'pid0', ynumel: 'pid1', znumel: 'pid2' };

/** The extents by program id that `xnumel`, `ynumel` and `znumel` ask for. */
export function askedNumels(numels: Readonly<Record<string, number>>): Map<string, number> {
  const asked = new Map<string, number>();
  for (const [name, value] of Object.entries(numels)) {
    if (!Number.isSafeInteger(value)) throw new InputError(name, `must be a whole number, got ${value}`);
    const key = NUMELS[name];
    if (key === undefined) continue;
    if (value < 1) throw new InputError(name, `must be a whole number from 1, got ${value}`);
    asked.set(key, value);
  }
  return asked;
}

/** Throws where numels contradict what the program says and may not change. */
export function checkNumels(
  { domain, dimensions }: Recovered,
  asked: ReadonlyMap<string, number>,
  numels: Readonly<Record<string, number>>,
): void {
  for (const dimension of dimensions) {
    const root = domain.roots.get(dimension.variable);
    if (root === undefined) continue;
    const wanted = asked.get(root.key);
    if (wanted === undefined || wanted === dimension.extent * root.per) continue;
    const reason = fixedReason(domain, dimension, wanted / root.per);
    if (reason !== undefined) throw new InputError('numels', `${wanted} ${reason}`);
  }
  const reduced = dimensions.filter((dimension) => dimension.reduced);
  const columns = reduced.reduce((all, { extent }) => all * extent, 1);
  const given = numels.r0_numel ?? numels.rnumel;
  if (given === undefined || numels.r1_numel !== undefined || given === columns || reduced.length === 0)
    return;
  throw new InputError(
    'r0_numel',
    `is ${given}, but the program reduces over ${columns}`,
    'this extent is fixed',
  );
}

/**
 * The extents by program id with which the kernel gets this shape. Only what the grid alone decides
 * may change: an extent that no stride, divisor or comparison of the program contains.
 */
export function askedShape({ domain, dimensions }: Recovered, shape: readonly number[]): Map<string, number> {
  const current = dimensions.map(({ extent }) => extent);
  const asked = new Map<string, number>();
  const wanted = wantedExtents(domain, dimensions, shape);
  for (const [n, dimension] of dimensions.entries()) {
    if (wanted[n] === dimension.extent) continue;
    const reason = fixedReason(domain, dimension, wanted[n]);
    if (reason !== undefined) {
      const problem = `${formatShape(shape)} asks for ${wanted[n]} along '${dimension.name}', which ${reason}`;
      throw new InputError('shape', problem, `the program's shape is ${formatShape(current)}`);
    }
    const root = domain.roots.get(dimension.variable);
    if (root !== undefined) asked.set(root.key, wanted[n] * root.per);
  }
  return asked;
}

/** An extent a dimension: as given, or spread so that the number of points is right. */
function wantedExtents(
  domain: IterationDomain,
  dimensions: readonly NamedDimension[],
  shape: readonly number[],
): readonly number[] {
  if (shape.length === dimensions.length) return shape;
  const current = dimensions.map(({ extent }) => extent);
  const points = shape.reduce((all, extent) => all * extent, 1);
  const others = (n: number): number => current.reduce((all, extent, m) => (m === n ? all : all * extent), 1);
  const free = dimensions.findIndex(
    (dimension, n) => fixedReason(domain, dimension, Math.ceil(points / others(n))) === undefined,
  );
  if (free >= 0 && points % others(free) === 0) return current.with(free, points / others(free));
  if (points === current.reduce((all, extent) => all * extent, 1)) return current;
  throw new InputError(
    'shape',
    `${formatShape(shape)} does not fit the program's ${formatShape(current)}`,
    free < 0 ? 'no extent of this program may change' : `a multiple of ${others(free)} points is possible`,
  );
}

/** Why a dimension may not have `wanted` points; undefined where it may. */
function fixedReason(
  domain: IterationDomain,
  { variable, reduced }: NamedDimension,
  wanted: number,
): string | undefined {
  if (reduced) return 'is reduced over, and the program contains that extent';
  if (!domain.roots.has(variable)) return 'is fixed by the divisors or blocks of the program';
  const compared = reachable(sinkNodes(domain.sinks)).some(
    (node) => node.form.kind === 'sign' && indicesOf(node).some((index) => index.terms.has(variable)),
  );
  if (compared) return 'the program compares with numbers of its own';
  const room = Math.min(...allIndices(domain).map((index) => roomFor(index, variable)));
  return wanted > room ? 'lies within the strides of another dimension' : undefined;
}
