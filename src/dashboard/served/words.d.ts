import type { TargetKind } from '../../../store/target-kinds.ts';

/** How times of each kind of target are called. */
export const timeLabels: Readonly<Record<TargetKind, string>>;
/** What ended a visit, in words. */
export const visitEnds: Readonly<Record<string, string>>;
