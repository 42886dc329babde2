import { type ExecFileException, execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BackendGone, type Failure, type Verdict } from '../../../../tuner/backend.ts';
import { Compilation, type SourceUnit } from '../../../c/compilation.ts';
import { referenceCheckOf } from '../../../checking/expected.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import type { LoweredKernel } from '../../../lowering/lowered-kernel.ts';
import { loweredForNpu } from '../policy.ts';
import type { CountedNest } from '../simulator/counted.ts';
import { type ArraysBegin, dataFile, executedPart, mainSource, verdictOn } from './check-program.ts';
import { flagsFor, type HexagonCode, scalarOf } from './code.ts';
import { countedSource, nestSource } from './hexagon-code.ts';
import type { HexagonTools } from './hexagon-tools.ts';
import { instructionsOf, type LoopPackets, packetsOfListing } from './object-code.ts';
import { usesFloats } from './uses-floats.ts';

/** What compiles and executes, where compiled files are kept, and what each step may take. */
export type HexagonPlan = Readonly<{
  tools: HexagonTools;
  /** As clang calls it: hexagonv73. */
  processor: string;
  folder: string;
  atOnce: number;
  timeoutMs: number;
}>;

/** A listing of code that no register holds any more is some megabytes. */
const MOST_OUTPUT = 64 * 2 ** 20;
/** Elements after which the data repeat: a prime. */
const DATA_PERIOD = 262_139;
/** What the program writes before its arrays. */
const COUNTER_BYTES = 4;
/** Nobody who tunes ends it. */
const ON = new AbortController().signal;

/** What programs found, by what they were made of: a daemon opens a backend for each slice of a study. */
const executions = new Map<string, Promise<Executed | Failure>>();
const MOST_EXECUTIONS = 1000;

/** What a program computed, and the packets that the emulator counted from its first nest to its last. */
type Executed = Readonly<{ verdict: Verdict; packets: number }>;

/** What code of a kernel's nests consists of. */
type CountedInstructions = Readonly<{ nests: readonly CountedNest[]; instructions: string }>;

/** Compiles, counts and executes the code of kernels. */
export class HexagonBuilds {
  private readonly compilation: Compilation;

  constructor(private readonly plan: HexagonPlan) {
    const { tools, processor, folder, atOnce, timeoutMs } = plan;
    const { compiler } = tools;
    this.compilation = new Compilation({
      compiler,
      machine: processor,
      option: '--compiled',
      folder,
      atOnce,
      timeoutMs,
    });
  }

  /** The packets of each nest and all instructions, or why they are not known: the compiler refuses it, or takes too long. */
  async counts(lowered: LoweredKernel, code: HexagonCode): Promise<CountedInstructions | Failure> {
    const nests: CountedNest[] = [];
    const instructions: string[] = [];
    const packets = (place: number, unroll: number) =>
      this.packetsOf(this.countedUnit(lowered, place, code, unroll));
    for (const place of lowered.nests.keys()) {
      const unrolled = await packets(place, code.unroll);
      if ('state' in unrolled) return unrolled;
      const single = code.unroll === 1 ? unrolled : await packets(place, 1);
      if ('state' in single) return single;
      nests.push({ unrolled: unrolled.packets, single: single.packets });
      instructions.push(unrolled.instructions, single.instructions);
    }
    return { nests, instructions: instructions.join('\n') };
  }

  /**
   * Whether the code computes what the kernel says. The emulator has no vectors of floats: of kernels with floats, scalar
   * code of the same loops is executed.
   */
  async check(kernel: Kernel, code: HexagonCode): Promise<Verdict> {
    const part = executedPart(kernel);
    const executes = part === kernel ? 'whole' : 'part';
    const executed = usesFloats(kernel) ? scalarOf(code) : code;
    const ran = await this.execute(part, executed, executes);
    return 'packets' in ran ? ran.verdict : ran;
  }

  /** The files that are to be compiled before the code's packets and verdict are known, each by its key. */
  lacking(kernel: Kernel, lowered: LoweredKernel, code: HexagonCode): readonly string[] {
    const counted = [...lowered.nests.keys()].flatMap((place) =>
      [code.unroll, 1].map((unroll) => this.countedUnit(lowered, place, code, unroll)),
    );
    const executed = usesFloats(kernel) ? scalarOf(code) : code;
    const units = this.executedUnits(loweredForNpu(executedPart(kernel)), executed, beginOf(executed));
    return this.compilation.lacking([...counted, ...units]);
  }

  close(): Promise<void> {
    return this.compilation.close();
  }

  private countedUnit(lowered: LoweredKernel, place: number, code: HexagonCode, unroll: number): SourceUnit {
    return { source: countedSource(lowered, place, { ...code, unroll }), flags: this.flags(code) };
  }

  private executedUnits(
    lowered: LoweredKernel,
    code: HexagonCode,
    begin: ArraysBegin,
  ): readonly SourceUnit[] {
    const nests = lowered.nests.map((_, place) => ({
      source: nestSource(lowered, place, code),
      flags: this.flags(code),
    }));
    return [{ source: mainSource(lowered, begin), flags: this.flags(scalarOf(code)) }, ...nests];
  }

  private async packetsOf(
    unit: SourceUnit,
  ): Promise<Readonly<{ packets: LoopPackets; instructions: string }> | Failure> {
    const object = await this.compilation.compiled(unit, ON);
    if (typeof object !== 'string') return object;
    const words = ['-d', '--no-show-raw-insn', '--disassemble-symbols=nest', object];
    const listing = await this.run(this.plan.tools.objdump, words);
    if (!listing.ended) return failed(listing, 'llvm-objdump', 'compile');
    const counted = packetsOfListing(listing.output);
    if (counted.state === 'counted')
      return { packets: counted.packets, instructions: instructionsOf(listing.output) };
    return { state: 'invalid', reason: 'compile', message: `packets cannot be counted: ${counted.why}` };
  }

  /** Executes a kernel, and says what became of its results, and how many packets that took. */
  async execute(
    kernel: Kernel,
    code: HexagonCode,
    executes: 'whole' | 'part' = 'whole',
    begin: ArraysBegin = beginOf(code),
  ): Promise<Executed | Failure> {
    const lowered = loweredForNpu(kernel);
    const objects: string[] = [];
    for (const unit of this.executedUnits(lowered, code, begin)) {
      const object = await this.compilation.compiled(unit, ON);
      if (typeof object !== 'string') return object;
      objects.push(object);
    }
    const key = objects.join(' ');
    const found = executions.get(key) ?? this.executed(lowered, objects, executes, begin);
    executions.set(key, found);
    const [oldest] = executions.keys();
    if (executions.size > MOST_EXECUTIONS) executions.delete(oldest);
    const executed = await found;
    if ('state' in executed && executed.reason === 'disturbed') executions.delete(key);
    return executed;
  }

  private async executed(
    lowered: LoweredKernel,
    objects: readonly string[],
    executes: 'whole' | 'part',
    begin: ArraysBegin,
  ): Promise<Executed | Failure> {
    const { contents, expected } = referenceCheckOf(lowered, 1, DATA_PERIOD, 'whole');
    const folder = mkdtempSync(join(tmpdir(), 'nightshift-hexagon-'));
    try {
      const [program, data, results] = ['program', 'data', 'results'].map((name) => join(folder, name));
      const { linker, emulator } = this.plan.tools;
      const linked = await this.run(linker, ['-m', 'hexagonelf', ...objects, '-o', program]);
      if (!linked.ended) return failed(linked, 'ld.lld', 'compile');
      writeFileSync(data, dataFile(lowered, contents, executes, begin));
      const ran = await this.run(emulator, ['-cpu', 'v67', program, data, results]);
      if (!ran.ended) return failed(ran, 'qemu-hexagon', 'runtime');
      const written = readFileSync(results);
      const verdict = verdictOn(lowered, written.subarray(COUNTER_BYTES), expected, begin);
      return { verdict, packets: written.readUInt32LE(0) };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  private flags(code: HexagonCode): readonly string[] {
    return flagsFor(code, this.plan.processor);
  }

  /** Throws BackendGone where the program cannot be started any more. */
  private run(program: string, words: readonly string[]): Promise<Ran> {
    const timeout = this.plan.timeoutMs;
    const options = { timeout, killSignal: 'SIGKILL', maxBuffer: MOST_OUTPUT } as const;
    return new Promise((resolve, reject) => {
      execFile(program, [...words], options, (error, output, complaint) => {
        if (error === null) resolve({ ended: true, output });
        else if (UNSTARTABLE.has(String(error.code)))
          reject(new BackendGone(`--compiled: ${program} can no longer be started: ${error.message}`));
        else resolve({ ended: false, ...whyItFailed(error, complaint, timeout) });
      });
    });
  }
}

/** Where the arrays of a program begin that executes it. */
function beginOf({ isAligned }: HexagonCode): ArraysBegin {
  return isAligned ? 'aligned' : 'anywhere';
}

const UNSTARTABLE: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'EAGAIN', 'ENOMEM']);

function whyItFailed(
  { code, killed, signal, message }: ExecFileException,
  complaint: string,
  timeoutMs: number,
): Readonly<{ late: boolean; why: string }> {
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return { late: false, why: 'more than can be read' };
  if (killed === true) return { late: true, why: `took longer than ${timeoutMs / 1000} s` };
  if (signal === 'SIGKILL' || signal === 'SIGTERM') return { late: true, why: `was ended by ${signal}` };
  const [first] = complaint.split('\n');
  return { late: false, why: (first || message).slice(0, 200) };
}

/** How a tool ended; `late`: not by itself, which says nothing about the code. */
type Ran = Readonly<{ ended: true; output: string }> | Readonly<{ ended: false; late: boolean; why: string }>;

function failed(
  { late, why }: Exclude<Ran, { ended: true }>,
  tool: string,
  reason: 'compile' | 'runtime',
): Failure {
  return {
    state: 'invalid',
    reason: late ? 'disturbed' : reason,
    message: `${tool} ${late ? why : `says: ${why}`}`,
  };
}
