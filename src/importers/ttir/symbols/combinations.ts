import { integerBelow, type Random, randomFor } from '../../../../search-space/random.ts';
import type { BinaryOp, DType } from '../../../kernels/ir.ts';
import type { Combination, Node } from './node.ts';
import { isWhole, type Pool } from './pool.ts';
import { evaluateNodes, near } from './probe.ts';

/**
 * The reductions this importer knows by name. Programs write them in many ways, so a region or a
 * loop is recognised by what it computes on numbers, and then stated in one canonical way.
 */
export type Known = Readonly<{
  name: string;
  arity: number;
  /** The IR's own kind of reduction that it is, where it is one. */
  simple?: Simple;
  fits: (dtypes: readonly DType[]) => boolean;
  identity: (dtypes: readonly DType[]) => readonly number[];
  join: (pool: Pool, left: readonly Node[], right: readonly Node[]) => readonly Node[];
  /** One element, as reduced data may contain it. */
  sample: (random: Random, dtypes: readonly DType[]) => readonly number[];
}>;

type Simple = 'sum' | 'product' | 'max' | 'min' | 'any' | 'all';

const SIMPLE: readonly (readonly ['sum' | 'product' | 'max' | 'min', BinaryOp])[] = [
  ['sum', 'add'],
  ['product', 'mul'],
  ['max', 'max'],
  ['min', 'min'],
];
const START = { sum: 0, product: 1, max: Number.NEGATIVE_INFINITY, min: Number.POSITIVE_INFINITY } as const;

export const KNOWN: readonly Known[] = [
  ...SIMPLE.map(
    ([name, op]): Known => ({
      name,
      arity: 1,
      simple: name,
      fits: ([dtype]) => dtype !== 'bool',
      identity: () => [START[name]],
      join: (pool, [left], [right]) => [pool.binary(op, left, right)],
      sample: (random, [dtype]) => [sampleNumber(random, dtype)],
    }),
  ),
  truth('any', 'or', 0),
  truth('all', 'and', 1),
  extremeAt('argmax', 'gt', Number.NEGATIVE_INFINITY),
  extremeAt('argmin', 'lt', Number.POSITIVE_INFINITY),
  {
    name: 'online-softmax',
    arity: 2,
    fits: (dtypes) => dtypes.every((dtype) => !isWhole(dtype) && dtype !== 'bool'),
    identity: () => [Number.NEGATIVE_INFINITY, 0],
    join: joinOnlineSoftmax,
    sample: (random) => [4 * random() - 2, 1 + 3 * random()],
  },
  {
    name: 'welford',
    arity: 3,
    fits: (dtypes) => dtypes.every((dtype) => !isWhole(dtype) && dtype !== 'bool'),
    identity: () => [0, 0, 0],
    join: joinWelford,
    sample: (random) => [4 * random() - 2, 3 * random(), 1 + integerBelow(random, 5)],
  },
];

function truth(name: 'any' | 'all', op: BinaryOp, identity: 0 | 1): Known {
  return {
    name,
    arity: 1,
    simple: name,
    fits: ([dtype]) => dtype === 'bool',
    identity: () => [identity],
    join: (pool, [left], [right]) => [pool.binary(op, left, right)],
    sample: (random) => [integerBelow(random, 2)],
  };
}

/** The extreme value and its index; of equal values the lowest index. */
function extremeAt(name: string, op: 'gt' | 'lt', worst: number): Known {
  return {
    name,
    arity: 2,
    fits: ([value, index]) => value !== 'bool' && isWhole(index),
    identity: ([, index]) => [worst, index === 'i64' ? 2 ** 63 : 2 ** 31 - 1],
    join: (pool, [value, index], [otherValue, otherIndex]) => {
      const better = pool.compare(op, value, otherValue);
      const tie = pool.compare('eq', value, otherValue);
      const first = pool.compare('lt', index, otherIndex);
      const mine = pool.binary('or', better, pool.binary('and', tie, first));
      return [pool.select(mine, value, otherValue), pool.select(mine, index, otherIndex)];
    },
    sample: (random, [value]) => [
      (integerBelow(random, 4) - 2) * (isWhole(value) ? 1 : 0.5),
      integerBelow(random, 1000),
    ],
  };
}

/** Maximum and sum of exp(x − maximum) of two parts (Milakov and Gimelshein, arXiv:1805.02867). */
function joinOnlineSoftmax(pool: Pool, left: readonly Node[], right: readonly Node[]): readonly Node[] {
  const max = pool.binary('max', left[0], right[0]);
  const scaled = (part: readonly Node[]): Node => {
    const one = pool.constant(1, max.dtype);
    const shift = pool.unary('exp', pool.binary('sub', part[0], max));
    const same = pool.compare('eq', part[0], max);
    return pool.binary('mul', part[1], pool.select(same, one, shift));
  };
  return [max, pool.binary('add', scaled(left), scaled(right))];
}

/** Mean, sum of squared deviations and weight of two parts (Chan, Golub and LeVeque, 1983). */
function joinWelford(pool: Pool, left: readonly Node[], right: readonly Node[]): readonly Node[] {
  const [mean, squares, weight] = [left[0], left[1], left[2]];
  const [otherMean, otherSquares, otherWeight] = [right[0], right[1], right[2]];
  const delta = pool.binary('sub', otherMean, mean);
  const total = pool.binary('add', weight, otherWeight);
  const zero = pool.constant(0, weight.dtype);
  const share = pool.select(pool.compare('eq', total, zero), zero, pool.binary('div', otherWeight, total));
  const spread = pool.binary('mul', pool.binary('mul', pool.binary('mul', delta, delta), weight), share);
  return [
    pool.binary('add', mean, pool.binary('mul', delta, share)),
    pool.binary('add', pool.binary('add', squares, otherSquares), spread),
    total,
  ];
}

export function sampleNumber(random: Random, dtype: DType): number {
  if (dtype === 'bool') return integerBelow(random, 2);
  if (isWhole(dtype)) return integerBelow(random, 9) - 4;
  return random() < 0.2 ? integerBelow(random, 3) : 4 * random() - 2;
}

/** A known reduction as the combination of these dtypes. */
export function combinationOf(pool: Pool, known: Known, dtypes: readonly DType[]): Combination {
  const { name } = known;
  if (known.simple !== undefined) return { kind: known.simple };
  const left = dtypes.map((dtype, n) => pool.parameter(`left${n}`, dtype));
  const right = dtypes.map((dtype, n) => pool.parameter(`right${n}`, dtype));
  return {
    kind: 'region',
    name: `${name}:${dtypes.join(',')}`,
    left,
    right,
    results: known.join(pool, left, right),
    identity: known.identity(dtypes),
  };
}

const TRIES = 32;

/** What a region computes from the parameters left0 … and right0 …; undefined where it is no reduction. */
export function recogniseRegion(
  pool: Pool,
  dtypes: readonly DType[],
  results: readonly Node[],
): Combination | undefined {
  const left = dtypes.map((dtype, n) => pool.parameter(`left${n}`, dtype));
  const right = dtypes.map((dtype, n) => pool.parameter(`right${n}`, dtype));
  for (const known of KNOWN) {
    if (known.arity !== dtypes.length || !known.fits(dtypes)) continue;
    const joined = known.join(pool, left, right);
    const tries = sampleElements(known, dtypes);
    if (tries.every(([a, b]) => agree(applied(results, a, b), applied(joined, a, b)))) {
      return combinationOf(pool, known, dtypes);
    }
  }
  return unnamedRegion(dtypes, left, right, results);
}

/** Triples of elements; no two of a triple share an index, as in real data. */
function sampleElements(known: Known, dtypes: readonly DType[]): (readonly number[])[][] {
  const random = randomFor('region', known.name);
  return Array.from({ length: TRIES }, () => Array.from({ length: 3 }, () => known.sample(random, dtypes)));
}

/** The results of a region for the elements a and b. */
function applied(results: readonly Node[], a: readonly number[], b: readonly number[]): number[] {
  const leaf = ({ form }: Node): number => {
    if (form.kind !== 'parameter') return Number.NaN;
    const position = Number(/\d+$/.exec(form.name)?.[0]);
    return (form.name.startsWith('left') ? a : b)[position];
  };
  return evaluateNodes(results, { variable: () => Number.NaN, leaf });
}

function agree(a: readonly number[], b: readonly number[]): boolean {
  return a.every((value, position) => near(value, b[position]));
}

/** Any other region, if it is associative and commutative on samples and an identity is found. */
function unnamedRegion(
  dtypes: readonly DType[],
  left: readonly Node[],
  right: readonly Node[],
  results: readonly Node[],
): Combination | undefined {
  const random = randomFor('region', 'unnamed');
  const element = (): number[] => dtypes.map((dtype) => sampleNumber(random, dtype));
  const samples = Array.from({ length: TRIES }, () => [element(), element(), element()] as const);
  const join = (a: readonly number[], b: readonly number[]): number[] => applied(results, a, b);
  const lawful = samples.every(
    ([a, b, c]) => agree(join(a, b), join(b, a)) && agree(join(join(a, b), c), join(a, join(b, c))),
  );
  if (!lawful) return undefined;
  const identity = identities(dtypes).find((start) =>
    samples.every(([a]) => agree(join(start, a), a) && agree(join(a, start), a)),
  );
  if (identity === undefined) return undefined;
  const name = results.map((result) => result.id).join(',');
  return { kind: 'region', name: `unnamed:${name}`, left, right, results, identity };
}

/** Every choice of a likely neutral number for each component. */
function identities(dtypes: readonly DType[]): number[][] {
  return dtypes.reduce<number[][]>(
    (choices, dtype) => {
      const likely = dtype === 'bool' ? [0, 1] : isWhole(dtype) ? WHOLE : REAL;
      return choices.flatMap((choice) => likely.map((value) => [...choice, value]));
    },
    [[]],
  );
}

const REAL = [0, 1, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
const WHOLE = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31)];
