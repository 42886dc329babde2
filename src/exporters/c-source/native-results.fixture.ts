import type { Configuration } from '../../../search-space/parameter.ts';
import type { TargetRecord } from '../../../store/records.ts';
import { unknown } from '../../../tuner/attribution/gain.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { kernelRecord } from '../../kernels/record.ts';
import { NATIVE_REVISION } from '../../targets/native/host.ts';
import type { TunedShape, TunedTarget } from '../_base.ts';

const target: TargetRecord = {
  fingerprint: '0123456789abcdef',
  name: 'native',
  kind: 'native',
  description: {
    cpu: 'a processor */ of ours',
    cores: 2,
    compiler: 'cc',
    compilerVersion: 'cc 1.0',
    generatorRevision: NATIVE_REVISION,
  },
  features: {},
};

/** A kernel under a name, with the configuration that was the best of each shape. */
export type NativeResult = Readonly<{
  name: string;
  shapes: readonly (readonly [kernel: Kernel, configuration: Configuration])[];
}>;

/** What an export is given of kernels that were tuned in native code. */
export function nativeResults(
  results: readonly NativeResult[],
  change: Readonly<Partial<TargetRecord>> = {},
): TunedTarget {
  const record = { ...target, ...change };
  const kernels = results.map(({ name, shapes }) => {
    const [[first, configuration]] = shapes;
    return {
      name,
      dtype: first.dtype,
      shapes: shapes.map(([kernel, best]) => tunedShape({ ...kernel, name }, best, record)),
      fallback: { kind: 'default', configuration, why: 'it is a test' } as const,
    };
  });
  return { target: record, kernels, studies: [], leftOut: [] };
}

function tunedShape(kernel: Kernel, configuration: Configuration, record: TargetRecord): TunedShape {
  const known = kernelRecord(kernel, 'a test');
  return {
    kernel: known,
    best: {
      studyId: 'study',
      kernel: known,
      target: record,
      configuration,
      timeUs: 12.5,
      basis: 'comparison',
      objective: 'time',
      measuredAt: 0,
      toolVersion: '9.9.9',
    },
    target: record,
    study: {
      id: 'study',
      spec: null,
      kernelHash: known.hash,
      targetFingerprint: record.fingerprint,
      spaceHash: 'space',
      objective: 'time',
      strategy: 'random',
      seed: 0,
      space: { parameters: [], constraints: [] },
      defaultConfiguration: configuration,
      priorVersion: null,
      toolVersion: '9.9.9',
      createdAt: 0,
      state: 'done',
    },
    interval: unknown('not tried', 'it has not been in a final comparison'),
    intervalFrom: null,
    visit: null,
  };
}
