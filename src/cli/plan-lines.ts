import { z } from 'zod';
import { knownOr } from '../../tuner/attribution/gain.ts';
import { orUnknown } from '../documents/parts.ts';
import { listed } from '../report/words/listed.ts';
import { formatFactor } from '../report/words/numbers.ts';
import { formatDuration } from '../text/duration.ts';
import { formatCount } from '../text/number-text.ts';

/** Of less, the time so far says too little about the rest. */
const LEAST_SHARE = 0.05;

const summary = z.object({
  plan: z.string(),
  name: z.string().nullable(),
  state: z.string(),
  activeMs: z.number(),
  studies: z.array(z.object({ study: z.string(), state: z.string() })),
  sums: z.array(z.object({ target: z.string(), gain: orUnknown(z.object({ value: z.number() })) })),
});

/** A plan that is at work. */
export type PlanAtWork = z.infer<typeof summary>;

/** A study's trials of its visit. */
export type TrialsDone = Readonly<{ trials: number; of: number | null }>;

export async function planAtWork(
  id: string,
  daemon: Readonly<{ get(path: string): Promise<unknown> }>,
): Promise<PlanAtWork> {
  return summary.parse(await daemon.get(`/v1/plans/${id}`));
}

/** "Plan night (fea12a5ca6ef): 2 of 6 studies ended, about 2 min left; together 12.0× on npu so far" */
export function planLine(
  { plan, name, state, activeMs, studies, sums }: PlanAtWork,
  progressOf: (study: string) => TrialsDone | undefined,
): string {
  const ended = studies.filter((each) => each.state === 'ended').length;
  const shares = studies.map((each) => (each.state === 'ended' ? 1 : shareOf(progressOf(each.study))));
  const share = shares.reduce((sum, each) => sum + each, 0) / Math.max(1, studies.length);
  const title = name === null ? plan : `${name} (${plan})`;
  const gains = sums.flatMap(({ target, gain }) => {
    const found = knownOr(gain);
    return found === null ? [] : [`${formatFactor(found.value)} on ${target}`];
  });
  const together = gains.length === 0 ? '' : `; together ${listed(gains)} so far`;
  return `Plan ${title}: ${formatCount(ended)} of ${formatCount(studies.length)} ${studies.length === 1 ? 'study' : 'studies'} ended${leftWords(state, share, activeMs)}${together}`;
}

function shareOf(progress: TrialsDone | undefined): number {
  return progress?.of ? Math.min(1, progress.trials / progress.of) : 0;
}

function leftWords(state: string, share: number, activeMs: number): string {
  if (state === 'paused') return ', paused';
  if (share >= 1) return '';
  if (share < LEAST_SHARE) return `, the time left is told once ${100 * LEAST_SHARE} % is done`;
  return `, about ${formatDuration((activeMs * (1 - share)) / share)} left`;
}
