import type { Configuration } from '../../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../../search-space/search-space.ts';
import type { Backend, Failure } from '../../../../tuner/backend.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { simulatorBackend } from '../backend.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { loweredForNpu } from '../policy.ts';
import { useCountedPackets } from '../simulator/counted.ts';
import { type HexagonCode, hexagonCodeKey, hexagonCodeOf } from './code.ts';
import type { HexagonTools } from './hexagon-tools.ts';
import { KernelCodes, NOT_COMPILED, type SettledCode } from './kernel-codes.ts';
import { codeEffectsFrom, effectNotes, optionEffects } from './option-effects.ts';
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
}>;

const SCALAR_CHECK =
  'The emulator has no vectors of floats: results were checked of scalar code of the same loops, not of the vector code whose packets are counted.';
const HALVES =
  'Vectors compute in f16 where the kernel does; what that rounds away is not checked, as the scalar code that was executed computes in f32.';
const MODELLED = 'Packets are those of object code; stalls, memory, DMA and threads are simulated.';

const UNSETTLED: SettledCode = Object.freeze({
  nests: NOT_COMPILED,
  verdict: NOT_COMPILED,
  instructions: undefined,
});

/**
 * The simulator with packets of object code. Code is compiled, counted and executed when a configuration that has it is
 * needed, and a time is computed only of code that was found right. What fails is a failure of the configurations that
 * have it.
 */
export function compiledBackend(options: CompiledOptions): Backend {
  const { target, space, tools, processor } = options;
  // Of its own, because other backends of the kernel have modelled packets.
  const kernel = { ...options.kernel };
  const codes = KernelCodes.of(kernel, options);
  // What others have compiled is not looked at before it is asked for here: what a study tells may not depend on it.
  const asked = new Map<string, HexagonCode>();
  const codeOf = (configuration: Configuration): HexagonCode =>
    hexagonCodeOf(configuration, target.ops.vectorDivision);
  const settledAs = (configuration: Configuration): SettledCode => {
    const key = hexagonCodeKey(codeOf(configuration));
    return (asked.has(key) ? codes.settled(key) : undefined) ?? UNSETTLED;
  };
  const make: NonNullable<Backend['prefetch']> = async (configurations, signal, told) => {
    const wanted = new Map(configurations.map(codeOf).map((code) => [hexagonCodeKey(code), code]));
    await codes.settle([...wanted.values()], signal, told);
    for (const [key, code] of wanted) if (codes.settled(key) !== undefined) asked.set(key, code);
  };
  const effects = () =>
    optionEffects(
      [...asked].flatMap(([key, code]) => {
        const instructions = codes.settled(key)?.instructions;
        return instructions === undefined ? [] : [{ code, instructions }];
      }),
    );
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
        computed: (configuration, round) => {
          if (settledAs(configuration) === UNSETTLED) return undefined;
          return failureOf(configuration) === undefined
            ? computed(configuration, round)
            : Number.POSITIVE_INFINITY;
        },
      }),
    },
    notes: () => [
      MODELLED,
      ...(usesFloats(kernel) ? [SCALAR_CHECK] : []),
      ...(usesHalves(kernel) ? [HALVES] : []),
      ...effectNotes(effects()),
      ...(simulated.notes?.() ?? []),
    ],
    effects: () => codeEffectsFrom(effects()),
    prefetch: make,
    async prepare(proposal, signal) {
      const prepared = await simulated.prepare(proposal, signal);
      if (prepared.state === 'ready') await make([proposal.configuration], signal);
      const failure = prepared.state === 'ready' ? failureOf(proposal.configuration) : undefined;
      return failure === undefined || failure.reason === 'correctness' ? prepared : failure;
    },
    verify: async ({ configuration }) => settledAs(configuration).verdict,
    async session(variants, signal, more) {
      const session = await simulated.session(variants, signal, more);
      const environment = () => ({ ...session.environment(), compiler: tools.compiler.version, processor });
      const sample: typeof session.sample = async (variant, ...asked) =>
        settledAs(variant.configuration) === UNSETTLED ? NOT_COMPILED : session.sample(variant, ...asked);
      return { ...session, environment, sample };
    },
  };
}
