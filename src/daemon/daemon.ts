import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PlannedStudy, PlanRecord, StudyState } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import { StoreError } from '../../store/store-error.ts';
import type { StudyEvent } from '../../tuner/events.ts';
import type { Plan } from '../ask/plan.ts';
import { type PlannedSpec, plannedStudies } from '../ask/planned-studies.ts';
import { canonicalJson } from '../kernels/canonical-json.ts';
import type { Action } from './actions.ts';
import { ActivePlans, failedWith, type Wanted } from './active-plans.ts';
import { breakOffVisit } from './break-off-visit.ts';
import { EventHub } from './event-hub.ts';
import { Live, visitSoFar } from './live.ts';
import { readTask, taskDocument } from './planned-task.ts';
import { type Assignment, Scheduler } from './scheduler.ts';
import { mayPass, Settling } from './settling.ts';
import { SliceRetries } from './slice-retries.ts';
import { endedUnverified, toVerify, verificationOf, wantsVerifying } from './verification-turn.ts';
import type { DaemonWorld } from './world.ts';

const BEAT_MS = 1000;

/**
 * Works on plans until they have ended. Its state is in the store: killed at any moment and started
 * again, it continues where it was.
 */
export class Daemon {
  readonly events: EventHub;
  readonly live: Live;
  readonly #world: DaemonWorld;
  readonly #scheduler: Scheduler;
  readonly #plans: ActivePlans;
  readonly #retries = new SliceRetries();
  /** Ends of studies are recorded one after the other. */
  readonly #settling: Settling;
  #beat: ReturnType<typeof setInterval> | undefined;
  #lastBeat: number;
  #closing = false;
  settledTrials = 0;

  private constructor(world: DaemonWorld) {
    this.#world = world;
    this.#lastBeat = world.clock.elapsed();
    this.#settling = new Settling({
      trouble: (error) => this.#trouble(null, error),
      isClosing: () => this.#closing,
      roomMs: world.roomMs,
    });
    this.events = new EventHub(Math.round(world.clock.now()).toString(36));
    this.#plans = new ActivePlans(world.store, {
      studyEnded: (plan, study, stoppedBy) => {
        world.log.info({ plan, study, stoppedBy }, 'study ended');
        this.events.tell({ kind: 'ended', study, plan, stoppedBy });
      },
      planEnded: (plan) => {
        world.log.info({ plan: plan.id }, 'plan ended');
        this.events.tell({ kind: 'plan', plan: plan.id, state: 'ended' });
        world.finished(plan);
      },
    });
    this.live = new Live(world.clock, (event) => this.events.tell(event));
    this.#scheduler = new Scheduler(
      world.threads((event) => this.hear(event)),
      {
        ended: (assignment, stoppedBy) => this.#settling.withRoom(() => this.#ended(assignment, stoppedBy)),
        failed: (assignment, error) => this.#settling.withRoom(() => this.#failed(assignment, error)),
      },
      world.awayThreads?.((event) => this.hear(event)),
    );
  }

  /** Closes trials left running as abandoned, and continues every plan that had not ended. */
  static async start(world: DaemonWorld): Promise<Daemon> {
    const daemon = new Daemon(world);
    const abandoned = await world.store.abandonRunning();
    const plans = await world.store.plans({ active: true });
    world.log.info({ store: world.store.location, plans: plans.length, abandoned }, 'taking up the work');
    for (const plan of plans) await daemon.#takeUp(plan);
    daemon.#beat = setInterval(() => daemon.#settling.afterwards(() => daemon.#onBeat()), BEAT_MS);
    return daemon;
  }

  get store(): Store {
    return this.#world.store;
  }

  /** Studies that are waiting or being visited. */
  get active(): number {
    return this.#scheduler.active;
  }

  /** Stores a plan and starts it. Throws InputError; then at most kernels, targets and studies were stored. */
  async submit(plan: Plan): Promise<PlanRecord> {
    const { store, clock } = this.#world;
    const byStudy = await this.#open(plannedStudies(plan, clock.now()));
    const studies: Pick<PlannedStudy, 'studyId' | 'task'>[] = [];
    for (const [studyId, planned] of byStudy) {
      const { settled } = await store.counts(studyId);
      studies.push({ studyId, task: taskDocument(planned, settled) });
      await nextTurn();
    }
    const text = canonicalJson({ plan, now: clock.now() });
    const id = createHash('sha256').update(text).digest('hex').slice(0, 12);
    const record = await store.savePlan({ id, document: JSON.parse(JSON.stringify(plan)), studies });
    await this.#release(record);
    this.#world.log.info({ plan: id, studies: studies.length }, 'plan submitted');
    this.events.tell({ kind: 'plan', plan: id, state: 'submitted' });
    // So that the time before it does not count as its working time.
    await this.#onBeat();
    await this.#takeUp(record);
    return record;
  }

  async #release({ studies }: PlanRecord): Promise<void> {
    for (const { studyId, state } of studies) {
      if (state === 'ended') continue;
      await this.#setState(studyId, 'open', 'plan');
      this.#goOn(studyId);
    }
  }

  #goOn(studyId: string): void {
    if (this.#scheduler.release(studyId)) this.live.release(studyId);
  }

  /** The studies of a plan by their ids. The calls of entries that are the same study are added. */
  async #open(planned: readonly PlannedSpec[]): Promise<ReadonlyMap<string, PlannedSpec>> {
    const byStudy = new Map<string, PlannedSpec>();
    const spread = await Promise.all(planned.map(({ spec }) => this.#scheduler.spread(spec)));
    for (const one of planned.flatMap((each, n) => spread[n].map((spec) => ({ ...each, spec })))) {
      const { studyId, spec, usualBudget } = await this.#scheduler.open(one.spec, this.#world.toolVersion);
      const calls = one.calls + (byStudy.get(studyId)?.calls ?? 0);
      const budget = Object.keys(one.budget).length === 0 ? usualBudget : one.budget;
      byStudy.set(studyId, { ...one, spec, budget, calls });
    }
    return byStudy;
  }

  /** Applies an action to each of the studies. */
  async act(action: Action, studyIds: readonly string[]): Promise<void> {
    for (const studyId of studyIds) {
      switch (action) {
        case 'pause':
          if (this.#scheduler.hold(studyId)) this.live.hold(studyId);
          await this.#setState(studyId, 'paused', action);
          break;
        case 'resume':
          await this.#setState(studyId, 'open', action);
          this.#goOn(studyId);
          break;
        case 'stop':
          if (!this.#scheduler.conclude(studyId, 'stopped')) await this.#stopIdle(studyId);
          break;
        case 'cancel':
          await this.#cancel(studyId);
          break;
      }
    }
  }

  /** Studies of one plan, or of all, that have not ended. */
  activeStudies(planId?: string): readonly string[] {
    return this.#plans.studies(planId);
  }

  /** Lets every slice settle the trials it is timing, and stores the plans' working time. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    clearInterval(this.#beat);
    await this.#scheduler.stop();
    await this.#settling.done;
    await this.#plans.keep();
  }

  /** Reports an error outside of the studies. An unusable store ends the daemon. */
  complain(error: unknown): void {
    this.#trouble(null, error);
  }

  async #takeUp(record: PlanRecord): Promise<void> {
    for (const wanted of await this.#plans.add(record)) {
      await nextTurn();
      await this.#adopt(wanted);
    }
  }

  /** Hands a study to the scheduler. If it is being visited for an earlier plan, it waits for that to end. */
  async #adopt({ planId, planned }: Wanted): Promise<void> {
    const { studyId } = planned;
    if (this.#scheduler.has(studyId)) return;
    try {
      const { spec, budget, priority, verify } = readTask(planned);
      const study = await this.store.study(studyId);
      const target = study && (await this.store.target(study.targetFingerprint));
      if (study === undefined || target === undefined)
        throw new Error(`study ${studyId} is not in the store`);
      const ended = verify && (await endedUnverified(this.store, planId, planned));
      await this.store.beginPlanned(planId, studyId);
      const { fastestUs: bestUs, ...visit } = await visitSoFar(this.store, studyId);
      this.live.begin(studyId, visit, bestUs);
      const task = { studyId, spec, kind: target.kind, budget };
      const assignment = { task, priority, bestUs, ...(verify && { verify }) };
      const isPaused = study.state === 'paused';
      if (isPaused) this.live.hold(studyId);
      this.#scheduler.assign(ended ? toVerify(assignment, ended) : assignment, isPaused);
    } catch (error) {
      if (error instanceof StoreError) throw error;
      this.#trouble(studyId, error);
      await this.#plans.finish(planId, studyId, failedWith(error));
    }
  }

  /** Takes an event of a visit here, or of trials measured by a harness. */
  hear(event: StudyEvent): void {
    this.#scheduler.observe(event);
    this.live.observe(event);
    if (event.kind === 'verifying') this.events.tell(verificationOf(event));
    if (event.kind !== 'settled') return;
    this.settledTrials += event.trials.length;
    const last = event.trials.at(-1);
    if (last === undefined) return;
    for (const studyId of this.#plans.count(event.studyId, last.number + 1))
      this.#scheduler.conclude(studyId, 'total');
  }

  async #ended(assignment: Assignment, stoppedBy: string): Promise<void> {
    const { studyId } = assignment.task;
    this.#retries.forget(studyId);
    if (wantsVerifying(assignment, stoppedBy)) return this.#scheduler.assign(toVerify(assignment, stoppedBy));
    this.live.forget(studyId);
    // Before the plan records the end: a restart makes up only for studies that their plan still has open.
    await this.#setState(studyId, 'done', 'plan');
    await this.#plans.finishWhereBegun(studyId, stoppedBy);
    await this.#adoptNext(studyId);
  }

  async #failed(assignment: Assignment, error: Error): Promise<void> {
    const { studyId } = assignment.task;
    this.live.hinder(studyId, error.message);
    if (error instanceof StoreError) return this.#withoutStore(assignment, error);
    this.#trouble(studyId, error);
    if (this.#retries.again(studyId)) return this.#scheduler.assign(assignment);
    const { verifying: verification } = assignment.task;
    if (verification !== undefined) return this.#ended(assignment, verification.stoppedBy);
    this.#retries.forget(studyId);
    this.live.forget(studyId);
    await this.#plans.finishWhereBegun(studyId, failedWith(error));
    await this.#adoptNext(studyId);
  }

  /** Waits for room on the disk; `#trouble` ends the daemon for any other error of the store. */
  #withoutStore({ task: { studyId } }: Assignment, error: StoreError): void {
    this.#trouble(studyId, error);
    if (mayPass(error)) this.#settling.whenRoom(() => this.#adoptNext(studyId));
  }

  async #cancel(studyId: string): Promise<void> {
    await this.#scheduler.drop(studyId);
    this.live.forget(studyId);
    await breakOffVisit(this.store, studyId, 'cancelled');
    await this.#plans.finishEverywhere(studyId, 'cancelled');
    await this.#setState(studyId, 'cancelled', 'cancel');
  }

  /** Ends the visit of a study that the scheduler does not have: there is nothing to compare. */
  async #stopIdle(studyId: string): Promise<void> {
    await breakOffVisit(this.store, studyId, 'stopped');
    await this.#setState(studyId, 'done', 'stop');
  }

  async #adoptNext(studyId: string): Promise<void> {
    const next = await this.#plans.nextWanting(studyId);
    if (next !== undefined) await this.#adopt(next);
  }

  async #onBeat(): Promise<void> {
    const now = this.#world.clock.elapsed();
    const elapsedMs = now - this.#lastBeat;
    this.#lastBeat = now;
    // Nothing else tells an idle daemon that its store is gone.
    await this.store.confirmPlace();
    for (const studyId of await this.#plans.beat(elapsedMs)) this.#scheduler.conclude(studyId, 'total');
  }

  async #setState(studyId: string, state: StudyState, by: Action | 'plan'): Promise<void> {
    await this.store.setStudyState(studyId, state);
    this.events.tell({ kind: 'study', study: studyId, state, by });
  }

  #trouble(study: string | null, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#world.log.error({ study, error: message }, 'trouble');
    this.events.tell({ kind: 'trouble', study, message });
    if (error instanceof StoreError && !mayPass(error) && !this.#closing) this.#world.lost(error);
  }
}
