import { steeringCommand } from '../steer-study.ts';

export const resume = steeringCommand('resume', 'Resumed', [['resume 1a2b', 'continue a paused study']]);
