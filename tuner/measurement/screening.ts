import type { SettledTrial } from '../../store/trial.ts';
import type { Backend } from '../backend.ts';
import type { Study } from '../study-definition.ts';
import type { Screening } from './_base.ts';
import { exactScreening } from './exact-screening.ts';
import { executionScreening } from './execution-screening.ts';
import { noisyScreening } from './noisy-screening.ts';
import type { TimeAllowance } from './time-allowance.ts';

/** An exact clock is read once; a noisy one in rounds against the default, unless each sample is an execution. */
export function screeningFor(
  backend: Backend,
  study: Study,
  log: readonly SettledTrial[],
  allowance: TimeAllowance,
): Screening {
  const { timing } = backend;
  if (timing.kind === 'exact') return exactScreening(backend, allowance);
  return timing.sampling === undefined
    ? noisyScreening(backend, study, log, allowance)
    : executionScreening(backend, timing.sampling, study, log, allowance);
}
