import { steeringCommand } from '../steer-study.ts';

export const resume = steeringCommand('resume', 'Going on', [['resume 1a2b', 'go on with a paused study']]);
