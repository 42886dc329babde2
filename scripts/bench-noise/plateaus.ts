import type { Parameter } from '../../search-space/parameter.ts';
import { integerBelow, type Random, randomFor } from '../../search-space/random.ts';
import { tableSpace } from '../../search-space/table-space.ts';
import type { TrueTimes } from './noisy-table.ts';

const ordinal = (name: string, values: readonly number[]): Parameter => ({
  name,
  kind: 'ordinal',
  tag: 'schedule',
  values: [...values],
});
const categorical = (name: string, values: readonly string[]): Parameter => ({
  name,
  kind: 'categorical',
  tag: 'schedule',
  values: [...values],
});

const powers = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => 2 ** i);

function tableOf(
  name: string,
  parameters: readonly Parameter[],
  time: (digits: readonly number[]) => number,
): TrueTimes {
  let rows: number[][] = [[]];
  for (const { values } of parameters)
    rows = rows.flatMap((row) => values.map((_, digit) => [...row, digit]));
  const space = tableSpace(
    parameters,
    rows.map((row) => row.map((digit, p) => parameters[p].values[digit])),
  );
  const timesUs = Float64Array.from({ length: space.size }, (_, index) => time([...space.digitsAt(index)]));
  return { name, space, default: space.at(0), timesUs };
}

/** A bowl in the first parameters whose others change nothing. */
function irrelevant(seed: number): TrueTimes {
  const random = randomFor('irrelevant', seed);
  const parameters = [
    ordinal('tile', powers(8)),
    ordinal('block', powers(8)),
    ordinal('unroll', powers(4)),
    categorical('order', ['rows', 'columns', 'blocks']),
    ordinal('ahead', [0, 1, 2, 4]),
    categorical('hint', ['none', 'near', 'far']),
  ];
  const at = peak(parameters.slice(0, 4), random);
  return tableOf(
    `irrelevant ${seed}`,
    parameters,
    (digits) => 100 * bowl(digits, at, [0.15, 0.12, 0.2, 0.3]),
  );
}

/** Times that no longer fall once values are large enough. */
function saturating(seed: number): TrueTimes {
  const random = randomFor('saturating', seed);
  const parameters = [
    ordinal('tile', powers(8)),
    ordinal('block', powers(8)),
    ordinal('depth', powers(6)),
    categorical('order', ['rows', 'columns', 'blocks']),
  ];
  const knees = [3 + integerBelow(random, 3), 3 + integerBelow(random, 3), 2 + integerBelow(random, 2)];
  const order = integerBelow(random, 3);
  return tableOf(`saturating ${seed}`, parameters, (digits) => {
    const short = knees.reduce((sum, knee, p) => sum + 0.25 * Math.max(0, knee - digits[p]), 0);
    return 100 * (1 + short + (digits[3] === order ? 0 : 0.3));
  });
}

/** What counts is the product of two values, and little else. */
function product(seed: number): TrueTimes {
  const random = randomFor('product', seed);
  const parameters = [
    ordinal('x', powers(8)),
    ordinal('y', powers(8)),
    ordinal('unroll', powers(5)),
    categorical('mode', ['a', 'b']),
  ];
  const best = 5 + integerBelow(random, 5);
  const unroll = integerBelow(random, 5);
  return tableOf(`product ${seed}`, parameters, (digits) => {
    return (
      100 *
      (1 +
        0.1 * Math.abs(digits[0] + digits[1] - best) +
        0.08 * Math.abs(digits[2] - unroll) +
        0.2 * digits[3])
    );
  });
}

/** All but a few are within a thousandth. */
function flat(seed: number): TrueTimes {
  const random = randomFor('flat', seed);
  const parameters = [ordinal('tile', powers(8)), ordinal('block', powers(8)), ordinal('unroll', powers(5))];
  return tableOf(`flat ${seed}`, parameters, (digits) => {
    const wrong = digits[0] < 2 || digits[1] > 6;
    return 100 * ((wrong ? 1.5 : 1) + 0.001 * random());
  });
}

/** A bowl and nothing flat, for comparison. */
function steep(seed: number): TrueTimes {
  const random = randomFor('steep', seed);
  const parameters = [
    ordinal('tile', powers(8)),
    ordinal('block', powers(8)),
    ordinal('unroll', powers(5)),
    categorical('order', ['rows', 'columns', 'blocks']),
  ];
  const at = peak(parameters, random);
  return tableOf(`steep ${seed}`, parameters, (digits) => 100 * bowl(digits, at, [0.1, 0.1, 0.1, 0.3]));
}

function peak(parameters: readonly Parameter[], random: Random): readonly number[] {
  return parameters.map(({ values }) => integerBelow(random, values.length));
}

function bowl(digits: readonly number[], at: readonly number[], steps: readonly number[]): number {
  return at.reduce((sum, digit, p) => sum + steps[p] * Math.min(3, Math.abs(digits[p] - digit)), 1);
}

export const PLATEAUS: Readonly<Record<string, (seed: number) => TrueTimes>> = {
  irrelevant,
  saturating,
  product,
  flat,
  steep,
};
