import { type Configuration, configurationKey } from '../../search-space/parameter.ts';
import type { Comparison } from '../../store/comparison.ts';
import type { SettledTrial } from '../../store/trial.ts';
import type { Challenge } from '../measurement/compare.ts';
import { referencePlace } from '../measurement/reference.ts';
import type { Study } from '../study-definition.ts';
import { Standings } from './as-fast.ts';
import { type Smoothed, smoothedBy } from './neighbourhood.ts';
import { simplerThan, withAllChanges } from './simpler.ts';
import { compareSimplicity, simplest } from './simplest.ts';
import { withinLimits } from './within-limits.ts';

/**
 * Challenges the simplest of the fastest by what is simpler still, until nothing simpler is as fast. So where many
 * are as fast, a study ends at the same of them, whichever the search happened to try.
 */
export class SimplerRivals implements Challenge {
  readonly #study: Study;
  readonly #smoothed: Smoothed | undefined;
  readonly #known: Set<string>;
  /** Who has met whom again. */
  readonly #met = new Set<string>();
  /** The one that was challenged last, and by whom. */
  #last: Readonly<{ from: Configuration; by: readonly Configuration[] }> | undefined;

  constructor(study: Study, log: readonly SettledTrial[]) {
    this.#study = study;
    this.#smoothed = smoothedBy(log, study);
    const failed = log.filter((trial) => trial.state === 'invalid' && trial.reason !== 'disturbed');
    this.#known = new Set(failed.map(({ configuration }) => this.#keyOf(configuration)));
  }

  next(seen: Comparison): ReturnType<Challenge['next']> {
    const { comparison } = withinLimits(this.#study, seen);
    for (const { configuration } of comparison.variants) this.#known.add(this.#keyOf(configuration));
    const standings = standingsOf(this.#study, comparison);
    if (standings === undefined) return { joining: [], again: [], beside: [] };
    const asFast = standings.asFast();
    const at = (place: number): Configuration => comparison.variants[place].configuration;
    const choice = simplest(this.#study, asFast.map(at));
    const joining = this.#rivalsOf(choice, new Set(asFast.map((place) => this.#keyOf(at(place)))));
    for (const configuration of joining) this.#known.add(this.#keyOf(configuration));
    this.#last = { from: choice, by: joining };
    const chosen = asFast.filter((place) => this.#keyOf(at(place)) === this.#keyOf(choice));
    const beside = new Set([referencePlace(comparison.roundsUs), standings.fastest, ...chosen]);
    return {
      joining: joining.map((configuration) => ({ label: 'simpler', configuration })),
      again: this.#again(choice, standings, at).filter((place) => !beside.has(place)),
      beside: [...beside],
    };
  }

  /** What is simpler than the choice, and was timed slower but not beyond doubt, meets it once more. */
  #again(
    choice: Configuration,
    standings: Standings,
    at: (place: number) => Configuration,
  ): readonly number[] {
    const pairOf = (place: number): string => `${this.#keyOf(choice)} ${this.#keyOf(at(place))}`;
    const doubtful = standings
      .doubtful()
      .filter(
        (place) => compareSimplicity(this.#study, at(place), choice) < 0 && !this.#met.has(pairOf(place)),
      );
    for (const place of doubtful) this.#met.add(pairOf(place));
    return doubtful;
  }

  lost(seen: Comparison): readonly number[] {
    const { comparison, over } = withinLimits(this.#study, seen);
    return [...over, ...(standingsOf(this.#study, comparison)?.slower() ?? [])];
  }

  #rivalsOf(choice: Configuration, asFast: ReadonlySet<string>): readonly Configuration[] {
    const isKnown = (configuration: Configuration): boolean => this.#known.has(this.#keyOf(configuration));
    const single = simplerThan(this.#study, choice, this.#smoothed, isKnown);
    if (this.#last === undefined) return single;
    const { from, by } = this.#last;
    const together = withAllChanges(
      this.#study,
      from,
      by.filter((configuration) => asFast.has(this.#keyOf(configuration))),
    );
    if (together === undefined || isKnown(together)) return single;
    return single.some((each) => this.#keyOf(each) === this.#keyOf(together))
      ? single
      : [together, ...single];
  }

  #keyOf(configuration: Configuration): string {
    return configurationKey(this.#study.space.parameters, configuration);
  }
}

/** Of what may be recommended: a default outside a steered space is compared with only. Undefined where nothing has a time. */
export function standingsOf({ space }: Pick<Study, 'space'>, comparison: Comparison): Standings | undefined {
  const eligible = comparison.variants.flatMap(({ configuration }, place) =>
    space.has(configuration) && comparison.roundsUs.some((round) => round[place] !== null) ? [place] : [],
  );
  return eligible.length === 0 ? undefined : new Standings(comparison, eligible);
}
