import type { Study } from '../../tuner/study-definition.ts';
import { countSubspaces } from '../ask/count-subspaces.ts';
import { keepStudy, studyWith } from '../ask/open-study.ts';
import { type ResolvedStudy, resolveStudy } from '../ask/resolve-study.ts';
import type { StudySpec } from '../ask/study-spec.ts';
import { type Owned, resolveOnFleet, spreadOverFleet } from '../fleet/resolve-on-fleet.ts';
import { resolveTarget } from '../targets/resolve.ts';
import { Latest } from './latest.ts';
import type { KeptStudy, StudyTask, WorkerStore } from './messages.ts';

/** Studies cached by a worker, of some 500 kB each: a study has many slices, and its spaces take long to build. */
export const MOST_RESOLVED = 64;
/** How long a study waits for its devices, as after a restart, before its slice fails. Milliseconds. */
const DEVICES_MS = 60_000;

/** A study ready to be visited. */
export type ReadyStudy = Readonly<{ study: Study; backend: ResolvedStudy['backend'] }>;

type Store = Pick<WorkerStore, 'frozenPrior' | 'importedKernels' | 'saveKernel' | 'saveTarget' | 'openStudy'>;

/** The studies that a worker opens and visits, each resolved once. */
export class ResolvedStudies {
  readonly #store: Store;
  readonly #resolved = new Latest<ResolvedStudy>(MOST_RESOLVED);
  readonly #ready = new Latest<ReadyStudy>(MOST_RESOLVED);

  readonly #fleet: Owned | undefined;

  /** A thread without a fleet resolves no study of its devices. */
  constructor(store: Store, fleet?: Owned) {
    this.#store = store;
    this.#fleet = fleet;
  }

  /** The studies that a spec stands for: one for each kind of device that it fits. */
  async spread(spec: StudySpec): Promise<readonly StudySpec[]> {
    const { target } = spec;
    return target.kind === 'device' && this.#fleet !== undefined
      ? spreadOverFleet(spec, target, this.#fleet.fleet)
      : [spec];
  }

  /** Resolves a spec and stores the study. Throws InputError for a spec that cannot be resolved. */
  async open(spec: StudySpec, toolVersion: string): Promise<KeptStudy> {
    const resolved = await this.#resolve(spec);
    this.#resolved.set(resolved.id, resolved);
    await keepStudy(resolved, this.#store, toolVersion);
    await this.#store.frozenPrior(resolved.id);
    const { id: studyId, usualBudget } = resolved;
    return { studyId, spec: resolved.spec, usualBudget };
  }

  /** Throws if kernel, target or space have changed since the study was planned. */
  ready({ studyId, spec }: StudyTask): Promise<ReadyStudy> {
    return this.#ready.get(studyId, async () => {
      const resolved = await this.#resolved.get(studyId, () => this.#resolve(spec, DEVICES_MS));
      if (resolved.id !== studyId) {
        const { kernel, target } = resolved;
        throw new Error(
          `${kernel.name} on ${target.name} has changed since study ${studyId} was planned: submit it again`,
        );
      }
      return {
        study: studyWith(await countSubspaces(resolved), await this.#store.frozenPrior(studyId)),
        backend: resolved.backend,
      };
    });
  }

  async #resolve(spec: StudySpec, patienceMs = 0): Promise<ResolvedStudy> {
    const imports = () => this.#store.importedKernels();
    const { target } = spec;
    // Its kernel may be known to nobody here: what is missing is the fleet.
    if (target.kind === 'device' && this.#fleet === undefined) await resolveTarget(target);
    return target.kind === 'device' && this.#fleet !== undefined
      ? resolveOnFleet(spec, target, imports, this.#fleet, patienceMs)
      : resolveStudy(spec, imports);
  }
}
