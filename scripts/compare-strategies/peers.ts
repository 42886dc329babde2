import { InputError } from '../../search-space/input-error.ts';
import { grouped } from './grouped.ts';
import type { StrategyResult } from './results.ts';
import { mean } from './search-landscape.ts';

/** Another tuner's result on a space: the mean over its seeds of optimum ÷ best found. */
export type PeerResult = Readonly<{
  peer: string;
  space: string;
  budget: number;
  fraction: number;
  /** The same of each seed alone. */
  fractions: readonly number[];
}>;

/** One of our strategies beside another tuner, over the spaces and the budget of the tuner. */
export type PeerLine = Readonly<{
  peer: string;
  strategy: string;
  budget: number;
  spaces: number;
  peerFraction: number;
  fraction: number;
}>;

const COLUMNS = ['space', 'tool', 'strategy', 'budget', 'ratio_to_optimum'] as const;

/**
 * Reads a CSV table with a line for each search and the columns `space,tool,strategy,budget,ratio_to_optimum`
 * among others, without quotes. An empty ratio means that nothing was found. Throws InputError for any other text.
 */
export function readPeers(text: string): readonly PeerResult[] {
  const [head, ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  const names = (head ?? '').split(',');
  const places = COLUMNS.map((column) => names.indexOf(column));
  const missing = COLUMNS.find((_, i) => places[i] < 0);
  if (missing !== undefined) throw new InputError('--peers', `has no column '${missing}'`);
  const searches = lines.map((line, i) => searchOf(line.split(','), places, i + 2));
  return grouped(searches, ({ peer, space, budget }) => `${peer}\n${space}\n${budget}`).map((group) => {
    const fractions = group.map(({ fraction }) => fraction);
    return { ...group[0], fraction: mean(fractions), fractions };
  });
}

type PeerSearch = Omit<PeerResult, 'fractions'>;

function searchOf(cells: readonly string[], places: readonly number[], line: number): PeerSearch {
  const [space, tool, strategy, budget, ratio] = places.map((place) => cells[place] ?? '');
  const search = { peer: `${tool} ${strategy}`, space, budget: Number(budget), fraction: Number(ratio) };
  if (Number.isInteger(search.budget) && search.fraction >= 0 && search.fraction <= 1) return search;
  throw new InputError('--peers', `line ${line} has budget '${budget}' and ratio '${ratio}'`);
}

/** Each of our strategies beside each peer; budgets and spaces that only one of the two has are left out. */
export function besidePeers(
  results: readonly StrategyResult[],
  peers: readonly PeerResult[],
): readonly PeerLine[] {
  const ours = new Map(
    results.map((result) => [keyOf(result.strategy, result.space, result.budget), result]),
  );
  const strategies = [...new Set(results.map(({ strategy }) => strategy))];
  const lines = grouped(peers, ({ peer, budget }) => `${peer}\n${budget}`);
  return strategies.flatMap((strategy) =>
    lines.flatMap((line) => {
      const met = line.flatMap(({ space, budget, fraction }) => {
        const own = ours.get(keyOf(strategy, space, budget));
        return own === undefined ? [] : [{ theirs: fraction, own: own.fraction }];
      });
      if (met.length === 0) return [];
      return {
        peer: line[0].peer,
        strategy,
        budget: line[0].budget,
        spaces: met.length,
        peerFraction: mean(met.map(({ theirs }) => theirs)),
        fraction: mean(met.map(({ own }) => own)),
      };
    }),
  );
}

function keyOf(strategy: string, space: string, budget: number): string {
  return `${strategy}\n${space}\n${budget}`;
}
