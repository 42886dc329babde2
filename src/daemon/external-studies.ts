import { defineSpace } from '../../search-space/define-space.ts';
import { explain } from '../../search-space/explain.ts';
import { InputError } from '../../search-space/input-error.ts';
import type { Configuration } from '../../search-space/parameter.ts';
import { configurationKey } from '../../search-space/parameter.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { readSpaceFile } from '../../search-space/space-file.ts';
import type { StudyRecord } from '../../store/records.ts';
import type { Prediction, Proposal, SettledTrial } from '../../store/trial.ts';
import type { TrialLog } from '../../store/trial-log.ts';
import { subspacesOf, undivided } from '../../tuner/attribution/subspaces.ts';
import { fitOwnTimes } from '../../tuner/models/own-times.ts';
import { readObjective, seeksTime } from '../../tuner/objectives/objective.ts';
import { Searches } from '../../tuner/searches.ts';
import { strategyFor } from '../../tuner/strategies/registry.ts';
import { SpreadTrials } from '../answers/spread-trials.ts';
import { Latest } from './latest.ts';
import type { ExternalRequest, ExternalStudy, Misfit, WorkerStore } from './messages.ts';

type Store = TrialLog & Pick<WorkerStore, 'saveKernel' | 'saveTarget' | 'openStudy'>;

/** A study's searches, and how many settled trials they have observed. */
type ExternalSearch = { readonly space: SearchSpace; readonly searches: Searches; observed: number };

type ExternalTimes = Readonly<{ space: SearchSpace; sample: SpreadTrials }>;

/** Studies cached by this worker. */
const MOST = 16;

/**
 * The limits on building a harness's space: some seconds. They are lower than on the command line, because
 * other requests wait in the meantime and no progress is shown.
 */
const LIMITS_OF_HARNESS = Object.freeze({ mostSteps: 50_000_000, mostBytes: 2 ** 28 });

/** Trials until every part of a search has been used. */
const WARMING = 24;

/**
 * Proposes and predicts for studies measured elsewhere: by an external harness, or by the tuner of an imported
 * file. Its state is a fold over the stored trials, brought up to date before each answer.
 */
export class ExternalStudies {
  readonly #store: Store;
  readonly #spaces = new Latest<SearchSpace | InputError>(MOST);
  readonly #searches = new Latest<ExternalSearch>(MOST);
  readonly #times = new Latest<ExternalTimes>(MOST);
  #isWarm = false;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Makes a study known to the store. Throws InputError for a space that cannot be read or is too hard to count. */
  async open(request: ExternalRequest): Promise<Pick<StudyRecord, 'id' | 'state'>> {
    const { kernel, target, strategy, objective, seed, toolVersion } = request;
    const definition = readSpaceFile(request.space);
    const space = defineSpace(definition.parameters, definition.constraints, LIMITS_OF_HARNESS);
    const preferred = request.default ?? definition.default ?? space.at(0);
    const problem = explain(space, preferred);
    if (problem !== undefined) throw new InputError('default', problem);
    await this.#store.saveKernel(kernel);
    await this.#store.saveTarget(target);
    const { id, state } = await this.#store.openStudy({
      kernelHash: kernel.hash,
      targetFingerprint: target.fingerprint,
      spaceHash: space.hash,
      objective,
      strategy,
      seed,
      space: { parameters: space.parameters, constraints: space.constraints },
      defaultConfiguration: preferred,
      priorVersion: null,
      toolVersion,
      spec: null,
    });
    this.#spaces.set(id, space);
    return { id, state };
  }

  /**
   * Builds the space, and makes a first search of this thread with made-up times: else the first models of the first study
   * would wait until their code is compiled, seventy milliseconds in place of two.
   */
  async prepare(study: ExternalStudy): Promise<void> {
    const space = await this.#spaceOf(study);
    if (this.#isWarm) return;
    this.#isWarm = true;
    const search = await begin(study, space);
    for (let number = 0; number < WARMING; number++) {
      const [proposal] = propose(search, 1, []);
      if (proposal === undefined) return;
      const timeUs = 1 + ((number * 7) % 5);
      search.searches.observe([
        { ...proposal, state: 'timed', timeUs, samplesUs: [timeUs], number, settledAt: 0 },
      ]);
    }
  }

  async misfit(study: ExternalStudy, configurations: readonly Configuration[]): Promise<Misfit | undefined> {
    const space = await this.#spaceOf(study);
    for (const [place, configuration] of configurations.entries()) {
      const problem = explain(space, configuration);
      if (problem !== undefined) return { place, problem };
    }
    return undefined;
  }

  /** Up to `count` proposals, none of them in `without`; fewer when no other configuration is left. */
  async propose(
    study: ExternalStudy,
    count: number,
    without: readonly Configuration[],
    settled: number,
  ): Promise<readonly Proposal[]> {
    const search = await this.#searches.get(study.studyId, async () =>
      begin(study, await this.#spaceOf(study)),
    );
    const fresh: SettledTrial[] = [];
    for await (const trial of this.#store.trials(study.studyId, search.observed)) {
      if (trial.number >= settled) break;
      fresh.push(trial);
    }
    search.searches.observe(fresh);
    search.observed += fresh.length;
    return propose(search, count, without);
  }

  /** Predicts from the study's own times; null before two trials have a time. */
  async predict(
    study: ExternalStudy,
    configurations: readonly Configuration[],
  ): Promise<readonly Prediction[] | null> {
    const { space, sample } = await this.#times.get(study.studyId, async () => ({
      space: await this.#spaceOf(study),
      sample: new SpreadTrials(),
    }));
    for await (const trial of this.#store.trials(study.studyId, sample.settled)) sample.add(trial);
    const timed = sample.trials.filter(({ configuration }) => space.has(configuration));
    return fitOwnTimes(space.parameters, timed, study.seed)?.(configurations) ?? null;
  }

  /** That a space is too hard is kept too: to find it takes as long as a space that is not. */
  async #spaceOf({ studyId, space: { parameters, constraints } }: ExternalStudy): Promise<SearchSpace> {
    const found = await this.#spaces.get(studyId, () => {
      try {
        return defineSpace(parameters, constraints, LIMITS_OF_HARNESS);
      } catch (error) {
        if (error instanceof InputError) return error;
        throw error;
      }
    });
    if (found instanceof InputError) throw found;
    return found;
  }
}

async function begin(study: ExternalStudy, space: SearchSpace): Promise<ExternalSearch> {
  const { studyId: id, default: preferred, strategy, seed } = study;
  const objective = readObjective(study.objective);
  const chosen = strategyFor(strategy, objective.names.length);
  const asked = { id, space, default: preferred, strategy: chosen, seed, start: [], objective };
  const subspaces = seeksTime(objective) ? await subspacesOf(space) : undivided(space);
  return { space, searches: new Searches({ ...asked, subspaces }), observed: 0 };
}

function propose(
  { space, searches }: ExternalSearch,
  count: number,
  without: readonly Configuration[],
): readonly Proposal[] {
  const keyOf = (configuration: Configuration): string => configurationKey(space.parameters, configuration);
  const taken = new Set(without.map(keyOf));
  const proposals: Proposal[] = [];
  // Two subspaces may propose the same configuration: ask again without it.
  while (proposals.length < count) {
    const more = searches.propose(count - proposals.length, taken);
    if (more.length === 0) break;
    proposals.push(...more);
    for (const { configuration } of more) taken.add(keyOf(configuration));
  }
  return proposals;
}
