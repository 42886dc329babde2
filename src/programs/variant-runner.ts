import { setTimeout as pause } from 'node:timers/promises';
import { BackendGone, type Failure } from '../../tuner/backend.ts';
import {
  type Fate,
  type Limits,
  RunnerLost,
  type VariantAnswer,
  type VariantProcess,
  type VariantQuestion,
} from './variant-process.ts';

/** The limits take a tenth of a second on an idle machine. */
const LIMITS_MS = 30_000;
/** Variants that a process keeps; the oldest are forgotten. */
const MOST_KEPT = 64;
/** Whatever ends a runner so often in a row is no accident. */
const MOST_LOSSES = 3;
const MOST_STARTS = 5;
/** Between one loss and the next try, for each loss so far: a machine short of memory may have some again. */
const PAUSE_MS = 250;

/**
 * A runner that survives its variants, and the system. Where its process ends, a new one is started, into
 * which variants are loaded again, and the question is asked once more. A variant that hangs is invalid, and
 * so is one whose runner ends three times in a row.
 */
export class VariantRunner<Placement extends Readonly<{ id: number }>> {
  private process: VariantProcess<Placement> | undefined;
  /** Loaded in the process at hand, oldest use first. */
  private kept = new Set<number>();
  /** One question at a time, whoever asks. */
  private turn: Promise<unknown> = Promise.resolve();

  /** `start` gives a process with its data, or throws RunnerLost; `what` names such a runner: "WebAssembly". */
  constructor(
    private readonly start: () => Promise<VariantProcess<Placement>>,
    private readonly what: string,
    private readonly patienceMs: number,
  ) {}

  /** A runner of the same kind with a process of its own. */
  another(): VariantRunner<Placement> {
    return new VariantRunner(this.start, this.what, this.patienceMs);
  }

  /** Has a variant loaded, checked or timed. Throws BackendGone where no runner can be started. */
  ask(placement: Placement, what: 'load' | 'verify' | 'sample'): Promise<Fate> {
    return this.inTurn(async () => {
      const answer = await this.withRunner(async (process) => {
        const loaded = await this.load(process, placement);
        if (loaded.kind === 'failed' || what === 'load') return loaded;
        return process.ask({ kind: what, id: placement.id }, this.patienceMs);
      });
      if (answer instanceof RunnerLost)
        return invalid(answer.reason === 'timeout' ? 'timeout' : 'runtime', answer.message);
      return answer.kind === 'failed' ? invalid(answer.what, answer.message) : answer;
    });
  }

  /** The bytes of an operand as the last call left them. Throws where they are not to be had. */
  read(operand: number): Promise<Uint8Array> {
    return this.inTurn(async () => {
      const answer = await this.answer({ kind: 'read', operand }, this.patienceMs);
      if (answer instanceof RunnerLost) throw new BackendGone(answer.message);
      if (answer.kind !== 'bytes') throw new Error(`the runner answers '${answer.kind}' to a read`);
      return answer.bytes;
    });
  }

  /** The machine's limits; undefined where they cannot be measured. */
  limits(bytes: Uint8Array<ArrayBuffer>): Promise<Limits | undefined> {
    return this.inTurn(async () => {
      const answer = await this.answer({ kind: 'limits', bytes }, LIMITS_MS);
      if (answer instanceof RunnerLost || answer.kind !== 'limits') return undefined;
      const { copyGBs, triadGBs, multiplyAddGflops } = answer;
      return { copyGBs, triadGBs, multiplyAddGflops };
    });
  }

  /** The process at hand, if there is one. */
  get processId(): number | undefined {
    return this.process?.alive ? this.process.processId : undefined;
  }

  close(): Promise<void> {
    return this.inTurn(async () => {
      await this.process?.close();
      this.process = undefined;
    });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private async answer(
    question: VariantQuestion<Placement>,
    timeoutMs: number,
  ): Promise<VariantAnswer | RunnerLost> {
    return this.withRunner((process) => process.ask(question, timeoutMs));
  }

  /** Works with a runner, and again with a new one where it is lost; the loss where that is no accident. */
  private async withRunner(
    work: (process: VariantProcess<Placement>) => Promise<VariantAnswer>,
  ): Promise<VariantAnswer | RunnerLost> {
    for (let losses = 1; ; losses++) {
      const process = await this.ready();
      const answer = await unlessLost(() => work(process));
      if (!(answer instanceof RunnerLost) || answer.reason === 'timeout') return answer;
      if (losses === MOST_LOSSES)
        return new RunnerLost('ended', `${answer.message}, ${losses} times in a row`);
      await pause((losses - 1) * PAUSE_MS);
    }
  }

  private async ready(): Promise<VariantProcess<Placement>> {
    if (this.process?.alive) return this.process;
    this.kept = new Set();
    this.process = await started(this.start, this.what);
    return this.process;
  }

  private async load(process: VariantProcess<Placement>, placement: Placement): Promise<VariantAnswer> {
    const { id } = placement;
    if (this.kept.delete(id)) {
      this.kept.add(id);
      return { kind: 'done' };
    }
    const answer = await process.ask({ kind: 'load', placement }, this.patienceMs);
    if (answer.kind === 'done') this.kept.add(id);
    for (const oldest of this.kept) {
      if (this.kept.size <= MOST_KEPT) break;
      this.kept.delete(oldest);
      await process.ask({ kind: 'forget', id: oldest }, this.patienceMs);
    }
    return answer;
  }
}

/** Tries a few times: the system may have ended the first. Throws BackendGone where none starts. */
export async function started<Process>(start: () => Promise<Process>, what: string): Promise<Process> {
  for (let losses = 1; ; losses++) {
    const process = await unlessLost(start);
    if (!(process instanceof RunnerLost)) return process;
    if (losses === MOST_STARTS)
      throw new BackendGone(`no ${what} runner can be started: ${process.message} (is there enough memory?)`);
    await pause(losses * PAUSE_MS);
  }
}

async function unlessLost<T>(work: () => Promise<T>): Promise<T | RunnerLost> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RunnerLost) return error;
    throw error;
  }
}

function invalid(reason: Failure['reason'], message: string): Fate {
  return { kind: 'invalid', failure: { state: 'invalid', reason, message } };
}
