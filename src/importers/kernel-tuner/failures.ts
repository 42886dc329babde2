import type { InvalidReason } from '../../../store/trial.ts';

/** What Kernel Tuner writes instead of a time, or as `__error__`. */
const FAILURES: Readonly<Record<string, InvalidReason>> = Object.freeze({
  InvalidConfig: 'constraints',
  CompilationFailedConfig: 'compile',
  RuntimeFailedConfig: 'runtime',
});

/** Why a configuration failed, by the name that Kernel Tuner has for it. */
export function failureNamed(name: unknown): InvalidReason | undefined {
  return typeof name === 'string' && Object.hasOwn(FAILURES, name) ? FAILURES[name] : undefined;
}
