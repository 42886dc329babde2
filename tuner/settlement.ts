import type { Result, SettledTrial } from '../store/trial.ts';
import { Incumbent } from './incumbent.ts';
import { judgedResult } from './objectives/judge.ts';
import { SHORTEST_TIME } from './objectives/objective.ts';
import type { Study } from './study-definition.ts';
import type { VisitPace } from './visit-pace.ts';
import type { World } from './world.ts';

/** Settles results of a visit: stores them, adds them to the log, and tells of them. */
export class Settlement {
  readonly #study: Study;
  readonly #pace: VisitPace;
  readonly #log: SettledTrial[];
  readonly #world: World;
  /** Of several objectives the first says what is told as the best. */
  readonly #leader: Incumbent;

  constructor(study: Study, pace: VisitPace, log: SettledTrial[], world: World) {
    this.#study = study;
    this.#pace = pace;
    this.#log = log;
    this.#world = world;
    const { objective = SHORTEST_TIME } = study;
    this.#leader = new Incumbent(0, { ...objective, names: objective.names.slice(0, 1) });
    for (const trial of log) this.#leader.observe(trial);
  }

  async settle(found: readonly Result[]): Promise<readonly SettledTrial[]> {
    const { id: studyId, objective = SHORTEST_TIME } = this.#study;
    const { store, backend, listen } = this.#world;
    const { visit, incumbent } = this.#pace;
    const computed = backend.timing.kind === 'exact' ? backend.timing.metrics : undefined;
    const results = found.map((result) => judgedResult(result, objective, computed));
    const { activeMs } = this.#pace.progress;
    const { settled } = await store.settle({ studyId, visitId: visit.id, activeMs, results });
    this.#log.push(...settled);
    this.#pace.settled();
    listen({ kind: 'settled', studyId, trials: settled, progress: this.#pace.progress });
    for (const trial of settled) {
      incumbent.observe(trial);
      if (this.#leader.observe(trial)) listen({ kind: 'improved', studyId, trial });
    }
    return settled;
  }
}
