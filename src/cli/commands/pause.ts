import { steeringCommand } from '../steer-study.ts';

export const pause = steeringCommand('pause', 'Paused', [
  ['pause 1a2b', 'keep its place, and give it no time'],
]);
