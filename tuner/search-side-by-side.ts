import { type Configuration, configurationKey } from '../search-space/parameter.ts';
import type { SettledTrial } from '../store/trial.ts';
import type { Backend, Sampling, SideBySide } from './backend.ts';
import type { StopReason } from './budget.ts';
import type { SearchEnd } from './conclusion.ts';
import { failsThroughout } from './hopeless.ts';
import { type MeasuredTogether, SideBySideScreening } from './measurement/side-by-side-screening.ts';
import type { Searches } from './searches.ts';
import { Settlement } from './settlement.ts';
import type { Study } from './study-definition.ts';
import type { VisitPace } from './visit-pace.ts';
import type { World } from './world.ts';

/** A wave is proposed in so many parts: one whenever the oldest is settled, so that no device waits for a whole wave. */
const PARTS = 4;

/** How many trials a part of a wave has, and how many parts there are. */
export function waveParts(wave: number): Readonly<{ size: number; parts: number }> {
  const parts = Math.min(PARTS, wave);
  return { size: Math.ceil(wave / parts), parts };
}

type Part = Readonly<{
  configurations: readonly Configuration[];
  measured: Promise<MeasuredTogether | undefined>;
}>;

/** Where several devices measure, and how often each configuration is sampled. */
export type Devices = Readonly<{ sideBySide: SideBySide; sampling: Sampling }>;

export function devicesOf({ sideBySide, timing }: Backend): Devices | undefined {
  if (sideBySide === undefined || timing.kind === 'exact' || timing.sampling === undefined) return undefined;
  return { sideBySide, sampling: timing.sampling };
}

/**
 * A search whose trials are measured by several devices: at most a wave of them is under way. They settle in the order of
 * their proposals, part by part. A part is proposed from what was settled a whole number of parts before it, so neither the
 * number of devices nor an interruption decides what is proposed. `searches` have observed nothing yet.
 */
export async function searchSideBySide(
  study: Study,
  searches: Searches,
  pace: VisitPace,
  log: SettledTrial[],
  world: World,
  devices: Devices,
): Promise<SearchEnd> {
  const search = new SideBySideSearch(study, searches, pace, log, world, devices);
  try {
    return await search.run();
  } finally {
    search.abandon();
  }
}

class SideBySideSearch {
  readonly #study: Study;
  readonly #searches: Searches;
  readonly #pace: VisitPace;
  readonly #log: SettledTrial[];
  readonly #world: World;
  readonly #screening: SideBySideScreening;
  readonly #settlement: Settlement;
  readonly #ending = new AbortController();
  /** Under way, in the order of their proposals. */
  readonly #parts: Part[] = [];
  readonly #partSize: number;
  readonly #mostParts: number;
  /** How many trials of the log the searches have observed, and how many are settled or under way. */
  #observed = 0;
  #proposed: number;

  constructor(
    study: Study,
    searches: Searches,
    pace: VisitPace,
    log: SettledTrial[],
    world: World,
    { sideBySide, sampling }: Devices,
  ) {
    this.#study = study;
    this.#searches = searches;
    this.#pace = pace;
    this.#log = log;
    this.#world = world;
    this.#proposed = log.length;
    const { backend } = world;
    const { allowance } = pace;
    this.#screening = new SideBySideScreening(sideBySide, backend, sampling, study, log, allowance);
    this.#settlement = new Settlement(study, pace, log, world);
    const wave = study.wave ?? backend.batchSize;
    const { size, parts } = waveParts(wave);
    this.#mostParts = parts;
    this.#partSize = size;
    pace.cutOff.addEventListener('abort', this.#abort, { once: true });
    if (pace.cutOff.aborted) this.#abort();
  }

  async run(): Promise<SearchEnd> {
    const { visit } = this.#pace;
    const { provenance } = this.#world.backend;
    for (;;) {
      const stop = this.#pace.stopReason(this.#screening.hasTime());
      if (stop !== undefined) return this.#end(stop);
      if (failsThroughout(this.#log, visit.trialsAtStart, provenance)) return this.#end('failing');
      if (this.#mayPropose() && (await this.#propose(this.#known()))) continue;
      if (this.#parts.length > 0) await this.#settleNext();
      else if (!(await this.#propose(this.#log.length))) return this.#end('exhausted');
    }
  }

  /** What is under way is nobody's any more; samples that are there already are found again by their numbers. */
  abandon(): void {
    this.#pace.cutOff.removeEventListener('abort', this.#abort);
    this.#abort();
  }

  readonly #abort = (): void => this.#ending.abort();

  #end(stoppedBy: StopReason): SearchEnd {
    const { activeMs, allowance } = { ...this.#pace.progress, allowance: this.#pace.allowance };
    return {
      stoppedBy,
      activeMs,
      allowance,
      leftMs: () => this.#pace.leftMs(),
      notes: this.#screening.notes(),
    };
  }

  /** So many trials are settled for whoever proposes next, whatever else is settled by then. */
  #known(): number {
    const part = Math.floor(this.#proposed / this.#partSize);
    return Math.max(0, (part - this.#mostParts + 1) * this.#partSize);
  }

  #left(): number {
    const { budget, trialsAtStart } = this.#pace.visit;
    return (budget.trials ?? Number.POSITIVE_INFINITY) - (this.#proposed - trialsAtStart);
  }

  #mayPropose(): boolean {
    return this.#left() > 0 && this.#log.length >= this.#known();
  }

  /** False where there is nothing to propose. */
  async #propose(known: number): Promise<boolean> {
    if (known > this.#observed) this.#searches.observe(this.#log.slice(this.#observed, known));
    this.#observed = Math.max(this.#observed, known);
    const underWay = [
      ...this.#log.slice(this.#observed),
      ...this.#parts.flatMap((part) => configurationsOf(part)),
    ];
    const running = new Set(underWay.map(({ configuration }) => this.#keyOf(configuration)));
    const toBoundary = this.#partSize - (this.#proposed % this.#partSize);
    const proposals = this.#searches.propose(Math.min(toBoundary, this.#left()), running);
    if (proposals.length === 0) return false;
    await this.#world.store.markRunning(this.#study.id, proposals);
    const together = { proposals, from: this.#proposed, known: this.#observed };
    const measured = this.#screening.measure(together, this.#ending.signal);
    // It is waited for once its turn comes.
    measured.catch(() => {});
    this.#parts.push({ configurations: proposals.map(({ configuration }) => configuration), measured });
    this.#proposed += proposals.length;
    return true;
  }

  /** Settles the oldest part. One that is cut short is not settled: the visit has come to its end. */
  async #settleNext(): Promise<void> {
    const measured = await this.#parts[0].measured;
    this.#parts.shift();
    if (measured === undefined) return;
    await this.#settlement.settle(this.#screening.settle(measured, this.#ending.signal));
  }

  #keyOf(configuration: Configuration): string {
    return configurationKey(this.#study.space.parameters, configuration);
  }
}

function configurationsOf({ configurations }: Part): readonly Readonly<{ configuration: Configuration }>[] {
  return configurations.map((configuration) => ({ configuration }));
}
