import { schedule } from '../../lowering/schedule.ts';
import type { Target } from '../_base.ts';
import { nativeBackend } from './backend.ts';
import { nativeDefault } from './default.ts';
import { NATIVE_REVISION, type NativeHost } from './host.ts';
import { NATIVE_POLICY } from './policy.ts';
import { nativeRivals } from './rivals.ts';
import { nativeScheduleOf } from './schedule-of.ts';
import { buildNativeSpace } from './space.ts';

/** This machine and its C compiler as a target. */
export function nativeTarget(host: NativeHost): Target {
  const { cores, lanes, fma, features, cpu, compiler, memoryBytes, fingerprint } = host;
  return {
    name: 'native',
    kind: 'native',
    fingerprint,
    features: { cores, fma: fma ? 1 : 0, vectorBytes: 4 * Math.max(...lanes), memoryBytes },
    description: {
      cpu,
      cores,
      features: [...features],
      compiler: compiler.words.join(' '),
      compilerVersion: compiler.version,
      generatorRevision: NATIVE_REVISION,
    },
    space: (kernel) => buildNativeSpace(kernel, host),
    defaultConfiguration: (_, space) => nativeDefault(space),
    rivals: nativeRivals,
    loops: (kernel, configuration) => schedule(kernel, NATIVE_POLICY, nativeScheduleOf(configuration).loops),
    backend: (kernel, _, limits) => nativeBackend({ kernel, host, ...limits }),
  };
}
