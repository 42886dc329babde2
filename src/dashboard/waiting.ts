import type { StudySummary } from '../../store/study-store.ts';
import { targetKinds } from '../../store/target-kinds.ts';

/** What a study without trials waits for; null for one that has some. `others` are studies at work or waiting besides. */
export function waitsFor(
  { study, target, settled }: Pick<StudySummary, 'study' | 'target' | 'settled'>,
  isUnderWay: boolean,
  others: number,
): string | null {
  if (settled > 0) return null;
  if (study.state === 'paused') return 'It is paused, and goes on once it is resumed.';
  if (study.state !== 'open') return 'It ended before its first trial.';
  if (study.spec === null) return 'It waits for the first result that a program tells.';
  if (!isUnderWay) return 'No plan that runs has it: it waits for one, or for `nightshift tune`.';
  if (others === 0) return 'It is being prepared: its space is built, and its first trials are timed.';
  const alone = targetKinds[target.kind].runsAlone ? ' It is measured while no other study runs.' : '';
  return `It waits for its turn: the daemon is at work on other studies.${alone}`;
}
