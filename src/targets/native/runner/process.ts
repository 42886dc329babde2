import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Content, Expected } from '../../../checking/expected.ts';
import { AskedProcess } from '../../../programs/asked-process.ts';
import { programEnvironment } from '../../../programs/program-environment.ts';
import { RunnerLost, type VariantAnswer, type VariantQuestion } from '../../../programs/variant-process.ts';
import { AnswerReader } from './answers.ts';

/** A compiled variant, and how its work is shared. */
export type NativePlacement = Readonly<{
  id: number;
  /** The shared library. */
  path: string;
  /** Things to share out, and the step that a thread's share is rounded up to. */
  work: number;
  grain: number;
  /** Threads that compute. */
  threads: number;
  /** Whether each of them has a helper beside it; is bound to a processor; has touched its part of the data first. */
  helped: boolean;
  pinned: boolean;
  touched: boolean;
  /** Work taken at a time where it is taken dynamically; 0 for one share a thread. */
  chunk: number;
  scratchBytes: number;
}>;

/** The data of a kernel, and the most threads of a variant. */
export type NativeSetup = Readonly<{
  threads: number;
  contents: readonly Content[];
  expected: readonly Expected[];
}>;

/** How long a runner may take to start or to take its data in. */
const START_MS = 30_000;

/**
 * One runner process, in a session of its own, so that Ctrl-C does not end it. It ends with nightshift.
 * Questions are lines; the data of the setup follows its line as bytes.
 */
export class NativeProcess {
  private readonly asked: AskedProcess<VariantAnswer>;

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    this.asked = new AskedProcess<VariantAnswer>(child);
    const reader = new AnswerReader((answer) => this.asked.answered(answer));
    child.stdout.on('data', (bytes: Buffer) => reader.take(bytes));
  }

  /** Throws RunnerLost where the process does not come up, or cannot take its data in. */
  static async start(program: string, setup: NativeSetup): Promise<NativeProcess> {
    const child = spawn(program, [String(process.pid)], { detached: true, env: programEnvironment() });
    const runner = new NativeProcess(child);
    await runner.told(() => {});
    await runner.told(() => runner.sendSetup(setup));
    return runner;
  }

  get alive(): boolean {
    return this.asked.alive;
  }

  get processId(): number | undefined {
    return this.asked.processId;
  }

  ask(question: VariantQuestion<NativePlacement>, timeoutMs: number): Promise<VariantAnswer> {
    return this.asked.ask(() => this.child.stdin.write(`${lineOf(question)}\n`), timeoutMs);
  }

  close(): Promise<void> {
    return this.asked.close();
  }

  /** Asks what is to be answered with `hello` or `done`. */
  private async told(send: () => void): Promise<void> {
    const answer = await this.asked.ask(send, START_MS);
    if (answer.kind === 'hello' || answer.kind === 'done') return;
    await this.close();
    throw new RunnerLost('ended', answer.kind === 'failed' ? answer.message : `it answers '${answer.kind}'`);
  }

  private sendSetup({ threads, contents, expected }: NativeSetup): void {
    const { stdin } = this.child;
    stdin.write(`setup ${threads} ${contents.length} ${expected.length}\n`);
    for (const { bytes, block, written } of contents) {
      stdin.write(`${bytes} ${block?.length ?? 0} ${written ? 1 : 0}\n`);
      if (block !== null) stdin.write(block);
    }
    for (const { operand, dtype, segments, values, tolerance } of expected) {
      stdin.write(`${operand} ${dtype} ${segments.length} ${values.length}\n`);
      const ends = segments.flatMap(({ start, count }) => [BigInt(start), BigInt(count)]);
      for (const array of [BigInt64Array.from(ends), values, tolerance]) stdin.write(bytesOf(array));
    }
  }
}

/** A question's line. */
function lineOf(question: VariantQuestion<NativePlacement>): string {
  switch (question.kind) {
    case 'load': {
      const { id, threads, helped, pinned, touched, work, grain, chunk, scratchBytes, path } =
        question.placement;
      const how = [helped, pinned, touched].map(Number).join(' ');
      return `load ${id} ${threads} ${how} ${work} ${grain} ${chunk} ${scratchBytes} ${path}`;
    }
    case 'read':
      return `read ${question.operand}`;
    case 'limits':
      return 'limits';
    default:
      return `${question.kind} ${question.id}`;
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
