/**
 * What a person does to a study: `pause` keeps its place, `resume` goes on; `stop` ends its visit
 * with a comparison of what was found, `cancel` without.
 */
export const ACTIONS = Object.freeze(['pause', 'resume', 'stop', 'cancel'] as const);
export type Action = (typeof ACTIONS)[number];
