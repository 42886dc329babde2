import type { Failure } from '../../../../tuner/backend.ts';
import type { Limits } from './limits.ts';
import type { Answer, Setup } from './messages.ts';
import type { Placement } from './pool.ts';
import { RunnerLost, RunnerProcess } from './process.ts';

/** What became of a question about one variant. */
export type Fate = Exclude<Answer, { kind: 'failed' }> | Readonly<{ kind: 'invalid'; failure: Failure }>;

/** The limits take a tenth of a second on an idle machine. */
const LIMITS_MS = 30_000;
/** Variants that a process keeps; the oldest are forgotten. */
const MOST_KEPT = 64;

/**
 * A runner that survives its variants: where one hangs or takes the process with it, that variant
 * is invalid and the next question starts a new process, into which variants are loaded again.
 */
export class Runner {
  private process: RunnerProcess | undefined;
  /** Loaded in the process at hand, oldest use first. */
  private kept = new Set<number>();
  /** One question at a time, whoever asks. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly flags: readonly string[],
    private readonly setup: Setup,
    private readonly patienceMs: number,
  ) {}

  /** A runner of the same kind with a process of its own. */
  another(): Runner {
    return new Runner(this.flags, this.setup, this.patienceMs);
  }

  /** Has a variant loaded, checked or timed. Throws only where no runner can be started. */
  ask(placement: Placement, what: 'load' | 'verify' | 'sample'): Promise<Fate> {
    return this.inTurn(async () => {
      const process = await this.ready();
      try {
        const loaded = await this.load(process, placement);
        if (loaded.kind === 'failed' || what === 'load') return fateOf(loaded);
        return fateOf(await process.ask({ kind: what, id: placement.id }, this.patienceMs));
      } catch (error) {
        return lost(error);
      }
    });
  }

  /** The bytes of an operand as the last call left them. */
  read(operand: number): Promise<Uint8Array> {
    return this.inTurn(async () => {
      const answer = await (await this.ready()).ask({ kind: 'read', operand }, this.patienceMs);
      if (answer.kind !== 'bytes') throw new Error(`the runner answers '${answer.kind}' to a read`);
      return answer.bytes;
    });
  }

  /** The machine's limits, by a module of `limitsText`. */
  limits(bytes: Uint8Array<ArrayBuffer>): Promise<Limits> {
    return this.inTurn(async () => {
      const answer = await (await this.ready()).ask({ kind: 'limits', bytes }, LIMITS_MS);
      if (answer.kind !== 'limits') throw new Error(`the runner answers '${answer.kind}' to limits`);
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

  private async ready(): Promise<RunnerProcess> {
    if (this.process?.alive) return this.process;
    this.kept = new Set();
    this.process = await RunnerProcess.start(this.flags, this.setup);
    return this.process;
  }

  private async load(process: RunnerProcess, placement: Placement): Promise<Answer> {
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

function fateOf(answer: Answer): Fate {
  if (answer.kind !== 'failed') return answer;
  return invalid(answer.what, answer.message);
}

function lost(error: unknown): Fate {
  if (!(error instanceof RunnerLost)) throw error;
  return invalid(error.reason === 'timeout' ? 'timeout' : 'runtime', error.message);
}

function invalid(reason: Failure['reason'], message: string): Fate {
  return { kind: 'invalid', failure: { state: 'invalid', reason, message } };
}
