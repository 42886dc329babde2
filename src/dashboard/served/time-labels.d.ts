import type { TargetKind } from '../../../store/target-kinds.ts';

/** How times of each kind of target are called. */
export const timeLabels: Readonly<Record<TargetKind, string>>;
