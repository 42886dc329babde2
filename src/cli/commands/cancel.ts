import { steeringCommand } from '../steer-study.ts';

export const cancel = steeringCommand('cancel', 'Cancelled', [
  ['cancel 1a2b', 'end its visit now, without a comparison'],
]);
