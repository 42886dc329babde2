import { MECHANISMS } from '../../search-space/parameter.ts';
import { subsetName } from '../../search-space/restriction.ts';
import { type CountedStudy, countSubspaces } from '../../src/ask/count-subspaces.ts';
import { environmentNow } from '../../src/ask/environment.ts';
import { openStudy } from '../../src/ask/open-study.ts';
import type { ResolvedStudy } from '../../src/ask/resolve-study.ts';
import { toolVersion } from '../../src/ask/tool-version.ts';
import { yieldingStore } from '../../src/ask/yielding-store.ts';
import type { Comparison } from '../../store/comparison.ts';
import { IN_MEMORY, openStore } from '../../store/open-store.ts';
import type { SettledTrial } from '../../store/trial.ts';
import { championsOf } from '../../tuner/attribution/champions.ts';
import { isKnown } from '../../tuner/attribution/gain.ts';
import { gainsOf } from '../../tuner/attribution/mechanism-gains.ts';
import { Searched } from '../../tuner/attribution/searched.ts';
import { allBut, forcedName, type Subspace, type Subspaces } from '../../tuner/attribution/subspaces.ts';
import type { Backend } from '../../tuner/backend.ts';
import { systemClock } from '../../tuner/clock.ts';
import { searchStudy } from '../../tuner/study.ts';

/** A gain as a short search without polishing tells it, beside the enumerated truth. */
export type SearchedGain = Readonly<{
  trials: number;
  told: boolean;
  held: boolean;
  /** Whether its value alone is within 1 % of the truth. */
  isNear: boolean;
  /** High over low of the search's part. */
  width: number;
}>;

/** Rounding, and what nobody calls a difference. */
const NEAR = 0.01;

/**
 * What a study of a simulated target says as a real clock would be searched, a trial at a time and without computing
 * anything else, after each of these numbers of trials. `truth` is the best time of a subspace.
 */
export async function searchedGains(
  resolved: ResolvedStudy,
  budgets: readonly number[],
  truth: (subspace: Subspace) => number,
): Promise<readonly SearchedGain[]> {
  const counted = await countSubspaces(resolved);
  const log = await searchLog(counted, Math.max(...budgets));
  const best = new Map(counted.subspaces.all.map((subspace) => [subspace.name, truth(subspace)]));
  return budgets.flatMap((trials) => gainsAfter(counted.subspaces, log.slice(0, trials), best));
}

async function searchLog(counted: CountedStudy, trials: number): Promise<readonly SettledTrial[]> {
  const store = await openStore(IN_MEMORY, { mode: 'write', clock: systemClock, writer: { role: 'bench' } });
  const exact = await counted.backend();
  const study = await openStudy(counted, store, toolVersion());
  const backend: Backend = {
    provenance: exact.provenance,
    timing: { kind: 'exact', rounds: 1 },
    batchSize: 1,
    prepare: (proposal, signal) => exact.prepare(proposal, signal),
    verify: (variant, signal) => exact.verify(variant, signal),
    session: (variants, signal) => exact.session(variants, signal),
    close: () => exact.close(),
  };
  const { log } = await searchStudy(
    study,
    { trials },
    {
      store: yieldingStore(store),
      backend,
      clock: systemClock,
      signal: new AbortController().signal,
      listen: () => {},
      toolVersion: toolVersion(),
      environment: environmentNow(),
    },
  );
  await store.close();
  return log;
}

function gainsAfter(
  subspaces: Subspaces,
  log: readonly SettledTrial[],
  best: ReadonlyMap<string, number>,
): readonly SearchedGain[] {
  const timed = log.flatMap((trial) => (trial.state === 'timed' ? [trial] : []));
  const comparison: Comparison = {
    kind: 'ensemble',
    variants: timed.map(({ configuration }) => ({ label: 'trial', configuration })),
    roundsUs: [timed.map(({ timeUs }) => timeUs)],
    comparedAt: 0,
    environment: {},
  };
  const searched = new Searched(subspaces.all, log, false);
  const gains = gainsOf(championsOf(comparison, subspaces, searched));
  return MECHANISMS.flatMap((mechanism) => {
    const found = gains[mechanism];
    if (found === undefined) return [];
    const without = subsetName(allBut(mechanism, subspaces.mechanisms));
    return (
      [
        [found.alone, 'scalar', mechanism],
        [found.leftOut, without, subsetName(subspaces.mechanisms)],
        [found.forced, without, forcedName(mechanism)],
      ] as const
    ).flatMap(([figure, first, second]): readonly SearchedGain[] => {
      const real = (best.get(first) ?? Number.NaN) / (best.get(second) ?? Number.NaN);
      if (Number.isNaN(real)) return [];
      const trials = log.length;
      if (!isKnown(figure) || figure.parts?.search === undefined)
        return [{ trials, told: false, held: false, isNear: false, width: Number.NaN }];
      const { low, high } = figure.parts.search;
      const held = real >= low * (1 - NEAR) && real <= high * (1 + NEAR);
      const isNear = Math.abs(Math.log(figure.value / real)) <= NEAR;
      return [{ trials, told: true, held, isNear, width: high / low }];
    });
  });
}
