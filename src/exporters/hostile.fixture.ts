import fc from 'fast-check';
import type { Configuration } from '../../search-space/parameter.ts';
import { hostileName, hostileValue } from '../languages/hostile.fixture.ts';
import type { TunedKernel, TunedShape, TunedStudy, TunedTarget } from './_base.ts';

const extents = fc.array(fc.integer({ min: 1, max: 2 ** 40 }), { minLength: 1, maxLength: 3 });
const shape = fc.oneof(
  { weight: 4, arbitrary: extents.map((list) => list.join('x')) },
  { weight: 1, arbitrary: fc.constantFrom('-', '010', '9'.repeat(30), '1x', 'x') },
  { weight: 1, arbitrary: hostileName },
);
const names = fc.uniqueArray(hostileName, { minLength: 1, maxLength: 4 });
const words = fc.record({
  name: hostileName,
  dtype: fc.oneof(fc.constantFrom('f32', '-', 'bf16'), hostileName),
});

/** Configurations of one kernel, with the same parameters at all of its shapes. */
const configurations = names.chain((parameters) =>
  fc.array(
    fc
      .tuple(...parameters.map(() => hostileValue))
      .map(
        (values): Configuration => Object.fromEntries(parameters.map((name, place) => [name, values[place]])),
      ),
    { minLength: 1, maxLength: 3 },
  ),
);

type Words = Readonly<{ name: string; dtype: string }>;
type Origin = Readonly<{ target: TunedTarget['target']; toolVersion: string; studyId: string }>;

function shapeOf(kernel: Words, size: string, configuration: Configuration, origin: Origin): TunedShape {
  const { target, toolVersion, studyId } = origin;
  const record = { hash: 'hash', ...kernel, shape: size, ir: null, features: {}, source: 'opaque' };
  return {
    kernel: record,
    best: {
      studyId,
      kernel: { hash: 'hash', ...kernel, shape: size, source: 'opaque' },
      target: { fingerprint: target.fingerprint, name: target.name, kind: target.kind },
      configuration,
      timeUs: 1,
      basis: 'trial',
      objective: 'time',
      measuredAt: 0,
      toolVersion,
    },
    study: {
      id: studyId,
      spec: null,
      kernelHash: 'hash',
      targetFingerprint: target.fingerprint,
      spaceHash: 'space',
      objective: 'time',
      strategy: 'imported',
      seed: 0,
      space: {
        parameters: Object.entries(configuration).map(([name, value]) => ({
          name,
          kind: 'categorical',
          tag: 'schedule',
          values: [...new Set([value, 'never the best', 'copy'])],
        })),
        constraints: [],
      },
      defaultConfiguration: configuration,
      priorVersion: null,
      toolVersion,
      createdAt: 0,
      state: 'done',
    },
    target,
    interval: { unknown: 'not tried', why: 'it has not been in a final comparison' },
    intervalFrom: null,
    visit: null,
  };
}

/** The study behind a shape, without trials; no two studies of a store have the same id. */
function studyOf({ kernel, best, target, study: { id, ...study } }: TunedShape, place: number): TunedStudy {
  return {
    title: best.kernel,
    kernel,
    target,
    study: { ...study, id: `${id}${place}` },
    best,
    trials: async function* () {},
    compared: async () => [],
  };
}

const origin: fc.Arbitrary<Origin> = fc.record({
  target: fc.record({
    fingerprint: hostileName,
    name: hostileName,
    kind: fc.constant('device' as const),
    description: fc.constant({
      machine: { scratchpad: { bytes: 8 * 1024 * 1024 }, compiler: { name: 'qualcomm/hexagon-mlir' } },
    }),
    features: fc.constant({}),
  }),
  toolVersion: hostileName,
  studyId: hostileName,
});

const kernelOf = (from: Origin): fc.Arbitrary<TunedKernel> =>
  fc
    .tuple(words, configurations, fc.uniqueArray(shape, { minLength: 3, maxLength: 3 }))
    .map(([kernel, found, sizes]) => ({
      ...kernel,
      shapes: found.map((configuration, place) => shapeOf(kernel, sizes[place], configuration, from)),
      fallback: { kind: 'default', configuration: found[0], why: 'it is a test' },
    }));

/** The input of an export whose every name and value an attacker chose. */
export const hostileTarget: fc.Arbitrary<TunedTarget> = origin.chain((from) =>
  fc
    .uniqueArray(kernelOf(from), {
      minLength: 1,
      maxLength: 2,
      selector: ({ name, dtype }) => JSON.stringify([name, dtype]),
    })
    .chain((kernels) =>
      fc.array(hostileName, { maxLength: 2 }).map((leftOut) => ({
        target: from.target,
        kernels,
        studies: kernels.flatMap(({ shapes }) => shapes).map(studyOf),
        leftOut,
      })),
    ),
);

/** The same targets on every run of the tests. */
export function hostileTargets(count: number): readonly TunedTarget[] {
  return fc.sample(hostileTarget, { numRuns: count, seed: 20 });
}
