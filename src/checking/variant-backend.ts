import { loadavg } from 'node:os';
import { InputError } from '../../search-space/input-error.ts';
import type { Configuration } from '../../search-space/parameter.ts';
import type { Proposal } from '../../store/trial.ts';
import type { Backend, Failure, Prepared, Provenance, Variant, Verdict } from '../../tuner/backend.ts';
import type { Kernel } from '../kernels/ir.ts';
import type { VariantRunner } from '../programs/variant-runner.ts';
import { VariantSession } from '../programs/variant-session.ts';
import { callWork } from './call-work.ts';
import { PlainBits } from './plain-bits.ts';

/** What a variant is to its runner. */
type Runnable = Readonly<{ id: number }>;

/** What kinds do differently that run generated code. */
export type VariantMaker<Placement extends Runnable> = Readonly<{
  provenance: Provenance;
  batchSize: number;
  /** A configuration made runnable, under a number of its own. Throws InputError where it has no code. */
  make(configuration: Configuration, id: number, signal: AbortSignal): Promise<Placement | Failure>;
  prefetch?(configurations: readonly Configuration[], signal: AbortSignal): Promise<void>;
  /** The configuration whose bits a variant's result must have; undefined where there is none. */
  plainOf(configuration: Configuration): Configuration | undefined;
  /** Threads that a variant takes. */
  threadsOf(placement: Placement): number;
  /** What a runner measures the machine's limits with. */
  limitsCode(): Promise<Uint8Array<ArrayBuffer>>;
  /** What every session says of its surroundings. */
  around: Readonly<Record<string, string>>;
  close?(): Promise<void>;
}>;

/** Runs generated variants in a process of their own; each is checked before its time counts. */
export class VariantBackend<Placement extends Runnable> implements Backend {
  readonly provenance: Provenance;
  readonly timing = Object.freeze({ kind: 'noisy' } as const);
  readonly batchSize: number;
  readonly prefetch?: (configurations: readonly Configuration[], signal: AbortSignal) => Promise<void>;
  private prepared = 0;
  private readonly placements = new WeakMap<object, Placement>();
  private readonly plain: PlainBits;

  constructor(
    private readonly kernel: Kernel,
    private readonly maker: VariantMaker<Placement>,
    private readonly runner: VariantRunner<Placement>,
  ) {
    const { provenance, batchSize, prefetch, plainOf } = maker;
    this.provenance = provenance;
    this.batchSize = batchSize;
    if (prefetch !== undefined) this.prefetch = prefetch;
    this.plain = new PlainBits(plainOf, (plain) => this.digest(plain));
  }

  async prepare({ configuration }: Proposal, signal = never): Promise<Prepared> {
    try {
      const handle = await this.maker.make(configuration, ++this.prepared, signal);
      if ('state' in handle) return handle;
      this.placements.set(handle, handle);
      return { state: 'ready', variant: { configuration, handle } };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { state: 'invalid', reason: 'compile', message: error.message };
    }
  }

  /** Correct are results within the tolerance, and with the bits that no schedule may change. */
  async verify(variant: Variant): Promise<Verdict> {
    const plain = await this.plain.of(variant.configuration);
    const answer = await this.runner.ask(this.placementOf(variant), 'verify');
    if (answer.kind === 'invalid') return answer.failure;
    if (answer.kind === 'wrong') return incorrect(answer.message);
    if (answer.kind !== 'right') throw new Error(`the runner answers '${answer.kind}' to a check`);
    return plain === undefined || plain === answer.digest
      ? { state: 'correct' }
      : incorrect('its bits are not those of the same code in place on one thread');
  }

  /** An operand's bytes after a call on fresh data, for exact comparisons; a failure where it fails. */
  async result(variant: Variant, operand: string): Promise<Uint8Array | Failure> {
    const verdict = await this.verify(variant);
    if (verdict.state === 'invalid') return verdict;
    return this.runner.read(this.kernel.operands.findIndex(({ name }) => name === operand));
  }

  /** Warm together in the long-lived runner, or in a process of their own where `fresh`. */
  async session(
    variants: readonly Variant[],
    _signal: AbortSignal,
    { fresh = false }: Readonly<{ fresh?: boolean }> = {},
  ): Promise<VariantSession> {
    const runner = fresh ? this.runner.another() : this.runner;
    try {
      return await this.open(runner, fresh, variants);
    } catch (error) {
      if (fresh) await runner.close();
      throw error;
    }
  }

  /** In a process of its own. Nothing where they cannot be measured. */
  async limits(): Promise<Readonly<Record<string, number>>> {
    const runner = this.runner.another();
    try {
      return (await runner.limits(await this.maker.limitsCode())) ?? {};
    } finally {
      await runner.close();
    }
  }

  async close(): Promise<void> {
    await this.runner.close();
    await this.maker.close?.();
  }

  private async open(
    runner: VariantRunner<Placement>,
    fresh: boolean,
    variants: readonly Variant[],
  ): Promise<VariantSession> {
    for (const variant of variants) await runner.ask(this.placementOf(variant), 'load');
    const timer = {
      sample: (variant: Variant) => runner.ask(this.placementOf(variant), 'sample'),
      threadsOf: (variant: Variant) => this.maker.threadsOf(this.placementOf(variant)),
      close: () => runner.close(),
    };
    const around = { ...this.maker.around, load: loadavg()[0] };
    return new VariantSession(timer, fresh, callWork(this.kernel), around);
  }

  private async digest(configuration: Configuration): Promise<number | undefined> {
    const prepared = await this.prepare({ configuration, subset: 'plain', origin: 'check' });
    if (prepared.state === 'invalid') return undefined;
    const answer = await this.runner.ask(this.placementOf(prepared.variant), 'verify');
    return answer.kind === 'right' ? answer.digest : undefined;
  }

  /** The handle is this backend's own. */
  private placementOf({ handle }: Variant): Placement {
    const known = typeof handle === 'object' && handle !== null ? this.placements.get(handle) : undefined;
    if (known === undefined) throw new TypeError('this variant was prepared by another backend');
    return known;
  }
}

const never = new AbortController().signal;

function incorrect(message: string): Failure {
  return { state: 'invalid', reason: 'correctness', message };
}
