import { availableParallelism } from 'node:os';
import type { Failure, Verdict } from '../../../../tuner/backend.ts';
import { compiledFolderOf } from '../../../c/compiled-files.ts';
import { kernelHash } from '../../../kernels/hash.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { loweredForNpu } from '../policy.ts';
import type { CountedNest } from '../simulator/counted.ts';
import { HexagonBuilds } from './builds.ts';
import { type HexagonCode, hexagonCodeKey } from './code.ts';
import type { HexagonTools } from './hexagon-tools.ts';

/** What became of a code: its packets and that it computes what it should, or why it cannot be timed. */
export type SettledCode = Readonly<{
  nests: readonly CountedNest[] | Failure;
  verdict: Verdict;
  /** Undefined where it was not compiled. */
  instructions: string | undefined;
}>;

type CodesPlan = Readonly<{
  tools: HexagonTools;
  processor: string;
  folder?: string;
  compileMs?: number;
}>;

/** No file of some loops takes so long. */
const COMPILE_MS = 10_000;
const MOST_KEPT = 8;
/** After so long, what did not end by itself is tried again. */
const RETRY_MS = 300_000;

export const NOT_COMPILED: Failure = Object.freeze({
  state: 'invalid',
  reason: 'disturbed',
  message: 'interrupted before its code was compiled',
});

/** The latest, by what they depend on: a daemon opens a backend for each slice of a study, and waits for slow files once. */
const latest = new Map<string, KernelCodes>();

/** The codes of a kernel that were compiled, counted and executed so far. */
export class KernelCodes {
  readonly #settled = new Map<string, SettledCode>();
  #work: Promise<void> | undefined;

  private constructor(
    private readonly kernel: Kernel,
    private readonly plan: CodesPlan,
  ) {}

  static of(kernel: Kernel, { tools, processor, folder, compileMs }: CodesPlan): KernelCodes {
    const key = JSON.stringify([kernelHash(kernel), tools, processor, folder, compileMs]);
    const plan = { tools, processor, ...(folder && { folder }), ...(compileMs && { compileMs }) };
    const codes = latest.get(key) ?? new KernelCodes({ ...kernel }, plan);
    latest.set(key, codes);
    const [oldest] = latest.keys();
    if (latest.size > MOST_KEPT) latest.delete(oldest);
    return codes;
  }

  settled(key: string): SettledCode | undefined {
    return this.#settled.get(key);
  }

  /**
   * Settles these; fewer only where the signal aborts before. `told` hears how many files are left to compile.
   * Throws BackendGone where a program is not there any more.
   */
  async settle(
    codes: readonly HexagonCode[],
    signal: AbortSignal,
    told: (files: number) => void = () => {},
  ): Promise<void> {
    const left = () => codes.filter((code) => !this.#settled.has(hexagonCodeKey(code)));
    while (left().length > 0 && !signal.aborted) {
      this.#work ??= this.#make(left(), signal, told).finally(() => {
        this.#work = undefined;
      });
      await this.#work;
    }
  }

  /** A few at a time. What is compiled when the signal aborts is finished, so that even slow files are, sooner or later. */
  async #make(codes: HexagonCode[], signal: AbortSignal, told: (files: number) => void): Promise<void> {
    const { kernel } = this;
    const { tools, processor, folder = compiledFolderOf('hexagon'), compileMs = COMPILE_MS } = this.plan;
    const atOnce = availableParallelism();
    const builds = new HexagonBuilds({ tools, processor, folder, atOnce, timeoutMs: compileMs });
    const left = [...codes];
    const lowered = loweredForNpu(kernel);
    const files = new Map(codes.map((code) => [code, builds.lacking(kernel, lowered, code)]));
    const tell = (): void => told(new Set([...files.values()].flat()).size);
    tell();
    const work = async (): Promise<void> => {
      while (!signal.aborted) {
        const code = left.shift();
        if (code === undefined) return;
        this.#settled.set(hexagonCodeKey(code), await this.#made(builds, code));
        files.delete(code);
        tell();
      }
    };
    try {
      await Promise.all(Array.from({ length: atOnce }, work));
    } finally {
      await builds.close();
    }
    if (codes.some((code) => isDisturbed(this.#settled.get(hexagonCodeKey(code)))))
      setTimeout(() => forget(this), RETRY_MS).unref();
  }

  async #made(builds: HexagonBuilds, code: HexagonCode): Promise<SettledCode> {
    const counted = await builds.counts(loweredForNpu(this.kernel), code);
    if ('state' in counted) return { nests: counted, verdict: counted, instructions: undefined };
    return { ...counted, verdict: await builds.check(this.kernel, code) };
  }
}

/** Backends that are open keep what they know. */
function forget(codes: KernelCodes): void {
  for (const [key, known] of latest) if (known === codes) latest.delete(key);
}

function isDisturbed(settled: SettledCode | undefined): boolean {
  if (settled === undefined) return false;
  return [settled.nests, settled.verdict].some(
    (one) => 'state' in one && one.state === 'invalid' && one.reason === 'disturbed',
  );
}
