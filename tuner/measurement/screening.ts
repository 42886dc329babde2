import type { SettledTrial } from '../../store/trial.ts';
import type { Backend } from '../backend.ts';
import type { Study } from '../study-definition.ts';
import type { Screening } from './_base.ts';
import { exactScreening } from './exact-screening.ts';
import { noisyScreening } from './noisy-screening.ts';
import type { TimeAllowance } from './time-allowance.ts';

/** An exact clock is read once; a noisy one in rounds against the default. */
export function screeningFor(
  backend: Backend,
  study: Study,
  log: readonly SettledTrial[],
  allowance: TimeAllowance,
): Screening {
  return backend.timing.kind === 'exact'
    ? exactScreening(backend)
    : noisyScreening(backend, study, log, allowance);
}
