import type { Route } from '../route.ts';
import { answerRoutes } from './answers.ts';
import { askTellRoutes } from './ask-tell.ts';
import { deviceRoutes } from './devices.ts';
import { kernelRoutes } from './kernels.ts';
import { planRoutes } from './plans.ts';
import { studyRoutes } from './studies.ts';

/** The public API, as /openapi.json describes it. */
export const routes: readonly Route[] = Object.freeze([
  ...studyRoutes,
  ...askTellRoutes,
  ...answerRoutes,
  ...kernelRoutes,
  ...planRoutes,
  ...deviceRoutes,
]);
