import { permutation, randomFor } from '../../search-space/random.ts';
import { envelopeNames } from './contestants.ts';
import { grouped } from './grouped.ts';
import type { PeerResult } from './peers.ts';
import type { StrategyResult } from './results.ts';
import { mean } from './search-landscape.ts';

/** One of our strategies beside the best of the simple strategies and the other tuners on each space. */
export type EnvelopeLine = Readonly<{
  family: string;
  strategy: string;
  budget: number;
  spaces: number;
  fraction: number;
  envelope: number;
  /** The same with the best chosen on half of its searches and judged on the others; null where one has a single search. */
  fair: number | null;
  /** The space on which the strategy is farthest behind (least ahead), and by how much. */
  worst: Readonly<{ space: string; behind: number }>;
}>;

type Envelope = Readonly<{ envelope: number; fair: number | null }>;
type Cell = StrategyResult & Envelope;

/** A line for each family, strategy and budget; empty where no simple strategy and no other tuner searched. */
export function besideEnvelope(
  results: readonly StrategyResult[],
  peers: readonly PeerResult[],
): readonly EnvelopeLine[] {
  const simple = results.filter(({ strategy }) => envelopeNames.includes(strategy));
  const keyOf = ({ space, budget }: Pick<PeerResult, 'space' | 'budget'>): string => `${space}\n${budget}`;
  const best = new Map(
    grouped([...simple, ...peers], keyOf).map((others) => [keyOf(others[0]), envelopeOf(others)]),
  );
  const cells = results.flatMap((result): Cell[] => {
    const envelope = best.get(keyOf(result));
    return envelope === undefined || envelopeNames.includes(result.strategy)
      ? []
      : [{ ...result, ...envelope }];
  });
  return grouped(cells, ({ family, strategy, budget }) => `${family}\n${strategy}\n${budget}`).map(lineOf);
}

/** What others found on a space in a number of trials. */
type Other = Pick<PeerResult, 'fraction' | 'fractions'>;

function envelopeOf(others: readonly Other[]): Envelope {
  return { envelope: Math.max(...others.map(({ fraction }) => fraction)), fair: fairly(others) };
}

const DRAWS = 20;

/** The best of several means is too high, as each may have been lucky: so those who choose it do not judge it. */
function fairly(others: readonly Other[]): number | null {
  if (others.some(({ fractions }) => fractions.length < 2)) return null;
  const draws = Array.from({ length: DRAWS }, (_, draw) => {
    const halves = others.map(({ fractions }, place) => {
      const order = permutation(randomFor('halves', draw, place), fractions.length);
      const shuffled = order.map((search) => fractions[search]);
      const half = fractions.length >> 1;
      return [mean(shuffled.slice(0, half)), mean(shuffled.slice(half))] as const;
    });
    const first = halves.reduce((a, b) => (b[0] > a[0] ? b : a));
    const second = halves.reduce((a, b) => (b[1] > a[1] ? b : a));
    return (first[1] + second[0]) / 2;
  });
  return mean(draws);
}

function lineOf(cells: readonly Cell[]): EnvelopeLine {
  const [{ family, strategy, budget }] = cells;
  const behind = (cell: Cell): number => cell.envelope - cell.fraction;
  const worst = cells.reduce((a, b) => (behind(b) > behind(a) ? b : a));
  const fair = cells.flatMap((cell) => cell.fair ?? []);
  return {
    family,
    strategy,
    budget,
    spaces: cells.length,
    fraction: mean(cells.map(({ fraction }) => fraction)),
    envelope: mean(cells.map(({ envelope }) => envelope)),
    fair: fair.length < cells.length ? null : mean(fair),
    worst: { space: worst.space, behind: behind(worst) },
  };
}
