import { steeringCommand } from '../steer-study.ts';

export const stop = steeringCommand('stop', 'Stopping', [
  ['stop 1a2b', 'end its visit now, and compare the finalists'],
]);
