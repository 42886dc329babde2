import { availableParallelism } from 'node:os';
import type { Configuration } from '../../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../../search-space/search-space.ts';
import type { Backend, Failure, Verdict } from '../../../../tuner/backend.ts';
import { compiledFolderOf } from '../../../c/compiled-files.ts';
import { kernelHash } from '../../../kernels/hash.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { required } from '../../../kernels/lookup.ts';
import { simulatorBackend } from '../backend.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { loweredForNpu } from '../policy.ts';
import { type CountedNest, useCountedPackets } from '../simulator/counted.ts';
import { HexagonBuilds } from './builds.ts';
import { hexagonCodeKey, hexagonCodeOf } from './code.ts';
import { codesOf } from './compiled-space.ts';
import type { HexagonTools } from './hexagon-tools.ts';
import { type MadeCode, optionNotes } from './option-effects.ts';
import { usesFloats } from './uses-floats.ts';

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
}>;

/** No file of some loops takes so long. */
const COMPILE_MS = 10_000;
const SCALAR_CHECK =
  'The emulator has no vectors of floats: results were checked of scalar code of the same loops, not of the vector code whose packets are counted.';
const MODELLED = 'Packets are those of object code; stalls, memory, DMA and threads are simulated.';

/** What became of a code: its packets and that it computes what it should, or why it cannot be timed. */
type Settled = Readonly<{ nests: readonly CountedNest[] | Failure; verdict: Verdict }>;

/**
 * The simulator with packets of object code. All code of the space is compiled, counted and executed now, a few at a
 * time: there is little of it, and a time is computed only of code that was found right. What fails is a failure of the
 * configurations that have it.
 */
export async function compiledBackend(options: CompiledOptions): Promise<Backend> {
  const { target, space, tools, processor } = options;
  // Of its own, because other backends of the kernel have modelled packets.
  const kernel = { ...options.kernel };
  const { settled, effects } = await knownCodes(kernel, options);
  const settledAs = (configuration: Configuration): Settled =>
    required(settled, hexagonCodeKey(hexagonCodeOf(configuration, target.ops.vectorDivision)));
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
      ...effects,
      ...(simulated.notes?.() ?? []),
    ],
    async prepare(proposal, signal) {
      const prepared = await simulated.prepare(proposal, signal);
      const failure = prepared.state === 'ready' ? failureOf(proposal.configuration) : undefined;
      return failure === undefined || failure.reason === 'correctness' ? prepared : failure;
    },
    verify: async ({ configuration }) => settledAs(configuration).verdict,
    async session(variants, signal, more) {
      const session = await simulated.session(variants, signal, more);
      const environment = () => ({ ...session.environment(), compiler: tools.compiler.version, processor });
      return { ...session, environment };
    },
  };
}

/** All codes, and a sentence for what options of the compiler did not change in them. */
type SettledCodes = Readonly<{ settled: ReadonlyMap<string, Settled>; effects: readonly string[] }>;

/** The latest, by what they depend on: a daemon opens a backend for each slice of a study, and waits for slow files once. */
const latest = new Map<string, Promise<SettledCodes>>();
const MOST_KEPT = 8;
/** After so long, what did not end by itself is tried again. */
const RETRY_MS = 300_000;

function knownCodes(kernel: Kernel, options: CompiledOptions): Promise<SettledCodes> {
  const { target, space, tools, processor, folder, compileMs } = options;
  const codes = codesOf(space, target.ops.vectorDivision).map(hexagonCodeKey);
  const key = JSON.stringify([kernelHash(kernel), codes, tools.compiler, processor, folder, compileMs]);
  const known = latest.get(key) ?? settledCodes(kernel, options);
  latest.set(key, known);
  const forget = (): boolean => latest.delete(key);
  known.then(({ settled }) => {
    if ([...settled.values()].some(isDisturbed)) setTimeout(forget, RETRY_MS).unref();
  }, forget);
  const [oldest] = latest.keys();
  if (latest.size > MOST_KEPT) latest.delete(oldest);
  return known;
}

function isDisturbed({ nests, verdict }: Settled): boolean {
  return [nests, verdict].some(
    (one) => 'state' in one && one.state === 'invalid' && one.reason === 'disturbed',
  );
}

async function settledCodes(
  kernel: Kernel,
  {
    target,
    space,
    tools,
    processor,
    folder = compiledFolderOf('hexagon'),
    compileMs = COMPILE_MS,
  }: CompiledOptions,
): Promise<SettledCodes> {
  const atOnce = availableParallelism();
  const builds = new HexagonBuilds({ tools, processor, folder, atOnce, timeoutMs: compileMs });
  const lowered = loweredForNpu(kernel);
  try {
    const settled = new Map<string, Settled>();
    const made: MadeCode[] = [];
    const left = [...codesOf(space, target.ops.vectorDivision)];
    const work = async (): Promise<void> => {
      for (let code = left.shift(); code !== undefined; code = left.shift()) {
        const counted = await builds.counts(lowered, code);
        if ('state' in counted) {
          settled.set(hexagonCodeKey(code), { nests: counted, verdict: counted });
          continue;
        }
        const { nests, instructions } = counted;
        made.push({ code, instructions });
        settled.set(hexagonCodeKey(code), { nests, verdict: await builds.check(kernel, code) });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return { settled, effects: optionNotes(made) };
  } finally {
    await builds.close();
  }
}
