import { steeringCommand } from '../steer-study.ts';

export const pause = steeringCommand('pause', 'Paused', [
  ['pause 1a2b', 'give it no more time; it keeps its place'],
]);
