import { availableParallelism } from 'node:os';
import type { Configuration } from '../../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../../search-space/search-space.ts';
import type { Backend, Failure, Verdict } from '../../../../tuner/backend.ts';
import { compiledFolderOf } from '../../../c/compiled-files.ts';
import { kernelHash } from '../../../kernels/hash.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { simulatorBackend } from '../backend.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { loweredForNpu } from '../policy.ts';
import { type CountedNest, useCountedPackets } from '../simulator/counted.ts';
import { HexagonBuilds } from './builds.ts';
import { type HexagonCode, hexagonCodeKey, hexagonCodeOf } from './code.ts';
import { codesOf } from './compiled-space.ts';
import type { HexagonTools } from './hexagon-tools.ts';
import { codeEffectsFrom, effectNotes, type MadeCode, optionEffects } from './option-effects.ts';
import { usesFloats, usesHalves } from './uses-floats.ts';

type CompiledOptions = Readonly<{
  kernel: Kernel;
  target: SimulatedTarget;
  space: SearchSpace;
  tools: HexagonTools;
  processor: string;
  /** The folder of compiled files; the user's cache where it is not given. */
  folder?: string;
  /** What a compiler, and each program that it makes, may take. */
  compileMs?: number;
  /** Ends compiling; what was not compiled by then cannot be timed. */
  signal?: AbortSignal;
}>;

/** No file of some loops takes so long. */
const COMPILE_MS = 10_000;
const SCALAR_CHECK =
  'The emulator has no vectors of floats: results were checked of scalar code of the same loops, not of the vector code whose packets are counted.';
const HALVES =
  'Vectors compute in f16 where the kernel does; what that rounds away is not checked, as the scalar code that was executed computes in f32.';
const MODELLED = 'Packets are those of object code; stalls, memory, DMA and threads are simulated.';

const INTERRUPTED: Failure = Object.freeze({
  state: 'invalid',
  reason: 'disturbed',
  message: 'interrupted before its code was compiled',
});

/** What became of a code: its packets and that it computes what it should, or why it cannot be timed. */
type Settled = Readonly<{ nests: readonly CountedNest[] | Failure; verdict: Verdict }>;

const UNSETTLED: Settled = Object.freeze({ nests: INTERRUPTED, verdict: INTERRUPTED });

/**
 * The simulator with packets of object code. All code of the space is compiled, counted and executed now, a few at a
 * time: there is little of it, and a time is computed only of code that was found right. What fails is a failure of the
 * configurations that have it.
 */
export async function compiledBackend(options: CompiledOptions): Promise<Backend> {
  const { target, space, tools, processor } = options;
  // Of its own, because other backends of the kernel have modelled packets.
  const kernel = { ...options.kernel };
  const { settled, made } = await knownCodes(kernel, options);
  const isWhole = settled.size === codesOf(space, target.ops.vectorDivision).length;
  const effects = optionEffects(isWhole ? made : []);
  const settledAs = (configuration: Configuration): Settled =>
    settled.get(hexagonCodeKey(hexagonCodeOf(configuration, target.ops.vectorDivision))) ?? UNSETTLED;
  const lowered = loweredForNpu(kernel);
  useCountedPackets(lowered, ({ vectorBytes, unroll, code }) => {
    const { nests } = settledAs({ vectorBytes, unroll, ...code });
    if ('state' in nests) throw new Error(`there are no packets: ${nests.message}`);
    return nests;
  });
  const failureOf = (configuration: Configuration): Failure | undefined => {
    const { nests, verdict } = settledAs(configuration);
    if ('state' in nests) return nests;
    return verdict.state === 'correct' ? undefined : verdict;
  };
  const simulated = simulatorBackend({ kernel, target, space });
  const { timing } = simulated;
  if (timing.kind !== 'exact') throw new Error('the simulator has an exact clock');
  const { explain: _, computed, ...exact } = timing;
  return {
    ...simulated,
    provenance: 'compiled',
    timing: {
      ...exact,
      ...(computed !== undefined && {
        computed: (configuration, round) =>
          failureOf(configuration) === undefined ? computed(configuration, round) : Number.POSITIVE_INFINITY,
      }),
    },
    notes: () => [
      MODELLED,
      ...(usesFloats(kernel) ? [SCALAR_CHECK] : []),
      ...(usesHalves(kernel) ? [HALVES] : []),
      ...effectNotes(effects),
      ...(simulated.notes?.() ?? []),
    ],
    effects: () => codeEffectsFrom(effects),
    async prepare(proposal, signal) {
      const prepared = await simulated.prepare(proposal, signal);
      const failure = prepared.state === 'ready' ? failureOf(proposal.configuration) : undefined;
      return failure === undefined || failure.reason === 'correctness' ? prepared : failure;
    },
    verify: async ({ configuration }) => settledAs(configuration).verdict,
    async session(variants, signal, more) {
      const session = await simulated.session(variants, signal, more);
      const environment = () => ({ ...session.environment(), compiler: tools.compiler.version, processor });
      const sample: typeof session.sample = async (variant, ...asked) =>
        settledAs(variant.configuration) === UNSETTLED ? INTERRUPTED : session.sample(variant, ...asked);
      return { ...session, environment, sample };
    },
  };
}

/** What became of a space's codes so far: opening a backend may be interrupted. */
type Codes = {
  readonly settled: Map<string, Settled>;
  readonly made: MadeCode[];
  work: Promise<void> | undefined;
};

/** The latest, by what they depend on: a daemon opens a backend for each slice of a study, and waits for slow files once. */
const latest = new Map<string, Codes>();
const MOST_KEPT = 8;
/** After so long, what did not end by itself is tried again. */
const RETRY_MS = 300_000;

/** All codes; fewer only where the signal aborts before. */
async function knownCodes(kernel: Kernel, options: CompiledOptions): Promise<Codes> {
  const { target, space, tools, processor, folder, compileMs, signal } = options;
  const all = codesOf(space, target.ops.vectorDivision);
  const keys = all.map(hexagonCodeKey);
  const key = JSON.stringify([kernelHash(kernel), keys, tools.compiler, processor, folder, compileMs]);
  const codes = latest.get(key) ?? { settled: new Map(), made: [], work: undefined };
  latest.set(key, codes);
  const [oldest] = latest.keys();
  if (latest.size > MOST_KEPT) latest.delete(oldest);
  while (codes.settled.size < all.length && signal?.aborted !== true) {
    codes.work ??= settle(codes, all, kernel, options).finally(() => {
      codes.work = undefined;
    });
    await codes.work;
  }
  if ([...codes.settled.values()].some(isDisturbed))
    setTimeout(() => latest.get(key) === codes && latest.delete(key), RETRY_MS).unref();
  return codes;
}

function isDisturbed({ nests, verdict }: Settled): boolean {
  return [nests, verdict].some(
    (one) => 'state' in one && one.state === 'invalid' && one.reason === 'disturbed',
  );
}

/** What is compiled when the signal aborts is finished, so that even slow files are, sooner or later. */
async function settle(
  { settled, made }: Codes,
  all: readonly HexagonCode[],
  kernel: Kernel,
  { tools, processor, folder = compiledFolderOf('hexagon'), compileMs = COMPILE_MS, signal }: CompiledOptions,
): Promise<void> {
  const atOnce = availableParallelism();
  const builds = new HexagonBuilds({ tools, processor, folder, atOnce, timeoutMs: compileMs });
  const lowered = loweredForNpu(kernel);
  const left = all.filter((code) => !settled.has(hexagonCodeKey(code)));
  const work = async (): Promise<void> => {
    while (signal?.aborted !== true) {
      const code = left.shift();
      if (code === undefined) return;
      const counted = await builds.counts(lowered, code);
      if ('state' in counted) {
        settled.set(hexagonCodeKey(code), { nests: counted, verdict: counted });
        continue;
      }
      const { nests, instructions } = counted;
      const verdict = await builds.check(kernel, code);
      made.push({ code, instructions });
      settled.set(hexagonCodeKey(code), { nests, verdict });
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, work));
  } finally {
    await builds.close();
  }
}
