import type { SettledTrial } from '../../store/trial.ts';
import type { Backend } from '../backend.ts';
import type { Study } from '../study.ts';
import { exactScreen } from './exact-screen.ts';
import { noisyScreen } from './noisy-screen.ts';
import type { Screen } from './ready.ts';

/** An exact clock is read once; a noisy one in rounds against the default. */
export function createScreen(backend: Backend, study: Study, log: readonly SettledTrial[]): Screen {
  return backend.timing.kind === 'exact' ? exactScreen(backend) : noisyScreen(backend, study, log);
}
