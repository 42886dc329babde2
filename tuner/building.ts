import type { Listener } from './events.ts';

/** Tells of a study's files that are being compiled, as `Backend.prefetch` does. */
export function buildingTold(
  studyId: string,
  configurations: number,
  listen: Listener,
): (files: number) => void {
  return (files) => listen({ kind: 'building', studyId, configurations, files });
}
