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
  /** The space on which the strategy is farthest behind (least ahead), and by how much. */
  worst: Readonly<{ space: string; behind: number }>;
}>;

type Cell = StrategyResult & Readonly<{ envelope: number }>;

/** A line for each family, strategy and budget; empty where no simple strategy and no other tuner searched. */
export function besideEnvelope(
  results: readonly StrategyResult[],
  peers: readonly PeerResult[],
): readonly EnvelopeLine[] {
  const simple = results.filter(({ strategy }) => envelopeNames.includes(strategy));
  const best = new Map<string, number>();
  for (const { space, budget, fraction } of [...simple, ...peers]) {
    const key = `${space}\n${budget}`;
    best.set(key, Math.max(fraction, best.get(key) ?? 0));
  }
  const cells = results.flatMap((result): Cell[] => {
    const envelope = best.get(`${result.space}\n${result.budget}`);
    return envelope === undefined || envelopeNames.includes(result.strategy) ? [] : [{ ...result, envelope }];
  });
  return grouped(cells, ({ family, strategy, budget }) => `${family}\n${strategy}\n${budget}`).map(lineOf);
}

function lineOf(cells: readonly Cell[]): EnvelopeLine {
  const [{ family, strategy, budget }] = cells;
  const behind = (cell: Cell): number => cell.envelope - cell.fraction;
  const worst = cells.reduce((a, b) => (behind(b) > behind(a) ? b : a));
  return {
    family,
    strategy,
    budget,
    spaces: cells.length,
    fraction: mean(cells.map(({ fraction }) => fraction)),
    envelope: mean(cells.map(({ envelope }) => envelope)),
    worst: { space: worst.space, behind: behind(worst) },
  };
}
