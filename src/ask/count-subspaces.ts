import { type Restrict, restrictHere } from '../../tuner/attribution/restrict.ts';
import { type Subspaces, subspacesOf, undivided } from '../../tuner/attribution/subspaces.ts';
import { seeksTime } from '../../tuner/objectives/objective.ts';
import type { ResolvedStudy } from './resolve-study.ts';

/** A resolved study whose subspaces are counted, so that it can be visited. */
export type CountedStudy = ResolvedStudy & Readonly<{ subspaces: Subspaces }>;

/** Counts what a visit searches, by `restrict`. Throws InputError where a subspace is too hard to count. */
export async function countSubspaces(
  resolved: ResolvedStudy,
  restrict: Restrict = restrictHere,
): Promise<CountedStudy> {
  const { study, rivals } = resolved;
  const subspaces =
    study.objective === undefined || seeksTime(study.objective)
      ? await subspacesOf(study.space, rivals, restrict)
      : undivided(study.space);
  return { ...resolved, subspaces };
}
