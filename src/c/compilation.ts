import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { BackendGone, type Failure } from '../../tuner/backend.ts';
import type { Execution } from '../programs/execution.ts';
import { Keeper } from '../programs/keeper/keeper.ts';
import { triedAgain } from '../programs/lost.ts';
import { OutputError } from '../text/output-error.ts';
import { CompiledFiles } from './compiled-files.ts';
import type { Compiler } from './compiler.ts';

/** A source to compile, with the flags that follow the compiler's own. */
export type SourceUnit = Readonly<{ source: string; flags: readonly string[] }>;

/** What compiles, and with what. */
export type CompilerPlan = Readonly<{
  compiler: Compiler;
  /** The machine that it compiles for, which flags like -march=native depend on. */
  machine: string;
  /** What a user asked for, which errors name: `--target native`. */
  option: string;
  /** The folder of compiled files. */
  folder: string;
  /** At most so many at once. */
  atOnce: number;
  /** What a unit may take, unless it has a limit of its own. */
  timeoutMs: number;
}>;

/** More characters of a compiler's error are cut off. */
const MOST_CHARACTERS = 300;
/** As compilers and linkers say it. */
const FULL_DISK = /\bNo space left on device\b/i;

/**
 * Compiles, several units at once, each under a keeper of its own, which ends all that the compiler starts.
 * What was compiled once, by the same compiler with the same flags, is kept.
 */
export class Compilation {
  private readonly files: CompiledFiles;
  private readonly keepers: readonly Keeper[];
  private readonly idle: Keeper[];
  private readonly failed = new Map<string, Failure>();
  private readonly running = new Map<string, Promise<string | Failure>>();
  private readonly waiting: ((keeper: Keeper) => void)[] = [];

  constructor(private readonly plan: CompilerPlan) {
    this.files = new CompiledFiles(plan.folder, plan.option);
    this.files.removeAbandoned(Date.now());
    // Threads of one process compile side by side, too.
    const mark = `compilation-${randomUUID()}`;
    this.keepers = Array.from(
      { length: plan.atOnce },
      (_, number) => new Keeper({ mark: `${mark}-${number}`, kept: [] }),
    );
    this.idle = [...this.keepers];
  }

  /**
   * The compiled file, or why there is none: the compiler refuses it, crashes, or takes too long. Throws BackendGone
   * where there is no compiler any more, OutputError and InputError where the disk refuses files.
   */
  compiled(
    unit: SourceUnit,
    signal: AbortSignal,
    timeoutMs = this.plan.timeoutMs,
  ): Promise<string | Failure> {
    const key = this.keyOf(unit);
    const known = this.failed.get(key) ?? this.files.find(key);
    if (known !== undefined) return Promise.resolve(known);
    const work = this.running.get(key) ?? this.compile(key, unit, signal, timeoutMs);
    this.running.set(key, work);
    return work.finally(() => this.running.delete(key));
  }

  /** The keys of those that are not kept, and would be compiled. */
  lacking(units: readonly SourceUnit[]): readonly string[] {
    return units
      .map((unit) => this.keyOf(unit))
      .filter((key) => !this.failed.has(key) && this.files.find(key) === undefined);
  }

  async close(): Promise<void> {
    await Promise.all(this.keepers.map((keeper) => keeper.close()));
    this.files.trim();
  }

  private async compile(
    key: string,
    unit: SourceUnit,
    signal: AbortSignal,
    timeoutMs: number,
  ): Promise<string | Failure> {
    const keeper = await this.taken();
    try {
      const { source, output } = this.files.begin(key, unit.source);
      const words = [...this.plan.compiler.words, ...unit.flags, '-o', output, source, '-lm'];
      const execution = await triedAgain(() => keeper.execute(words, timeoutMs, signal));
      if (execution.state === 'aborted') return this.ended(key, interrupted);
      if (execution.state === 'unstartable') throw this.compilerGone(key, execution.complaint);
      const isWhole = execution.state === 'exited' && execution.code === 0 && existsSync(output);
      if (isWhole) return this.files.finish(key);
      const failure = this.ended(key, failureOf(execution, timeoutMs));
      if (FULL_DISK.test(failure.message)) throw this.fullDisk(failure.message);
      this.failed.set(key, failure);
      return failure;
    } finally {
      this.release(keeper);
    }
  }

  private compilerGone(key: string, complaint: string): BackendGone {
    this.files.giveUp(key);
    return new BackendGone(`${this.plan.option}: the compiler can no longer be started: ${complaint}`);
  }

  /** No configuration is to blame. */
  private fullDisk(message: string): OutputError {
    const { folder, option } = this.plan;
    return new OutputError(`${option}: the disk of ${folder} or of TMPDIR is full: ${message}`);
  }

  private ended(key: string, failure: Failure): Failure {
    this.files.giveUp(key);
    return failure;
  }

  private taken(): Promise<Keeper> {
    const keeper = this.idle.pop();
    return keeper === undefined
      ? new Promise((resolve) => this.waiting.push(resolve))
      : Promise.resolve(keeper);
  }

  private release(keeper: Keeper): void {
    const next = this.waiting.shift();
    if (next === undefined) this.idle.push(keeper);
    else next(keeper);
  }

  private keyOf({ source, flags }: SourceUnit): string {
    const { compiler, machine } = this.plan;
    const text = JSON.stringify([compiler, machine, flags, source]);
    return createHash('sha256').update(text).digest('hex').slice(0, 32);
  }
}

const interrupted: Failure = Object.freeze({
  state: 'invalid',
  reason: 'disturbed',
  message: 'interrupted while it was compiled',
});

type Ran = Exclude<Execution, { state: 'aborted' | 'unstartable' }>;

/** What the compiler refuses is the configuration's affair; that it did not end by itself says nothing of it. */
function failureOf(execution: Ran, timeoutMs: number): Failure {
  const reason = execution.state === 'exited' ? 'compile' : 'disturbed';
  return { state: 'invalid', reason, message: `the compiler ${whyOf(execution, timeoutMs)}` };
}

function whyOf(execution: Ran, timeoutMs: number): string {
  switch (execution.state) {
    case 'timeout':
      return `took longer than ${timeoutMs / 1000} s`;
    case 'exited':
      return saidBy(execution);
    case 'killed':
      return `was ended by ${execution.signal}`;
    case 'out of step':
      return 'answered what it was not asked';
    default:
      return `could not be run: ${execution.complaint}`;
  }
}

function saidBy({ code, firstError, complaint }: Extract<Execution, { state: 'exited' }>): string {
  if (code === 0) return 'wrote no file';
  const said = firstError || complaint;
  return said === '' ? `ended with exit code ${code}` : `says: ${said.slice(0, MOST_CHARACTERS)}`;
}
