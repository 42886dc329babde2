/**
 * What a user can do to a study: `pause` keeps its place, `resume` continues it; `stop` ends its visit
 * with a comparison of the finalists, `cancel` ends it without.
 */
export const ACTIONS = Object.freeze(['pause', 'resume', 'stop', 'cancel'] as const);
export type Action = (typeof ACTIONS)[number];
