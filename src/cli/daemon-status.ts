import { z } from 'zod';
import { TARGET_KINDS, targetKinds } from '../../store/target-kinds.ts';
import { isKnown } from '../../tuner/attribution/gain.ts';
import { orUnknown } from '../documents/parts.ts';
import type { Listing } from '../report/listing/listing.ts';
import { askedAlone } from '../report/words/study-name.ts';
import { formatDuration } from '../text/duration.ts';
import { formatCount } from '../text/number-text.ts';
import { endWords } from '../text/state-words.ts';
import { type BestTimes, bestColumns } from './best-columns.ts';
import { planAtWork, planLine } from './plan-lines.ts';

/** Less is not told. */
const LEAST_LEFT_MS = 1000;

const planned = z.object({ study: z.string(), state: z.string(), stoppedBy: z.string().nullable() });
const plans = z.array(
  z.object({
    id: z.string(),
    name: z.string().nullable(),
    endedAt: z.string().nullable(),
    studies: z.array(planned),
  }),
);
const studies = z.array(
  z.object({
    id: z.string(),
    kernel: z.string(),
    shape: z.string(),
    dtype: z.string(),
    target: z.string(),
    from: z.enum(TARGET_KINDS),
    restrictedTo: z.string(),
    objective: z.string().exactOptional(),
    state: z.string(),
    trials: z.number(),
    fastestUs: z.number().nullable(),
    comparedUs: z.number().nullable(),
    best: orUnknown(z.object({ basis: z.string() })),
    progress: z
      .object({
        trials: z.number(),
        of: z.number().nullable(),
        files: z.number().nullable(),
        leftMs: z.number().nullable(),
        fastestUs: orUnknown(z.number()),
        rounds: z.number().nullable(),
        trouble: z.string().nullable(),
      })
      .nullable(),
  }),
);

/** A study with its plan, and its state in that plan. */
export type StatusRow = z.infer<typeof studies>[number] &
  Readonly<{ plan: string | null; planName: string | null; stateInPlan: string }>;

/** The rows of `status` and `watch`. */
export type Status = Readonly<{
  rows: readonly StatusRow[];
  /** A sentence for each plan that is at work. */
  plans: readonly string[];
  /** The plan that ended last, and when; null while one is active. */
  ended: Readonly<{ plan: string; at: string }> | null;
}>;

/** The studies of active plans, or of the plan that ended last if none is active; then other paused studies. */
export async function statusOf(daemon: Readonly<{ get(path: string): Promise<unknown> }>): Promise<Status> {
  const active = plans.parse(await daemon.get('/v1/plans?active=true'));
  const last = active.length > 0 ? undefined : latest(plans.parse(await daemon.get('/v1/plans')));
  const all = studies.parse(await daemon.get('/v1/studies'));
  const byId = new Map(all.map((study) => [study.id, study]));
  const rows = (last === undefined ? active : [last]).flatMap(({ id, name, studies: own }) =>
    own.flatMap((place) => {
      const study = byId.get(place.study);
      byId.delete(place.study);
      return study === undefined
        ? []
        : [{ ...study, plan: id, planName: name, stateInPlan: stateIn(study, place) }];
    }),
  );
  const progress = new Map(all.map((study) => [study.id, study.progress ?? undefined]));
  const lines: string[] = [];
  for (const { id } of active)
    lines.push(planLine(await planAtWork(id, daemon), (study) => progress.get(study)));
  const paused = [...byId.values()].filter(({ state }) => state === 'paused');
  return {
    rows: [
      ...rows,
      ...paused.map((study) => ({ ...study, plan: null, planName: null, stateInPlan: 'paused' })),
    ],
    plans: lines,
    ended: last?.endedAt == null ? null : { plan: last.id, at: last.endedAt },
  };
}

function latest(ended: z.infer<typeof plans>): z.infer<typeof plans>[number] | undefined {
  return [...ended].sort((a, b) => ((a.endedAt ?? '') < (b.endedAt ?? '') ? 1 : -1))[0];
}

/** A place in a plan has begun as soon as it is taken up; its study works from its visit's first event on. */
function stateIn(
  { state, progress }: z.infer<typeof studies>[number],
  place: z.infer<typeof planned>,
): string {
  if (place.state === 'ended') return place.stoppedBy ?? 'ended';
  if (state === 'paused') return 'paused';
  if (progress?.trouble != null) return `hindered: ${progress.trouble}`;
  const isBegun = progress !== null && (progress.trials > 0 || progress.of !== null);
  if (place.state !== 'begun' || !isBegun) return 'waiting';
  if (progress.files === null) return progress.rounds === null ? 'at work' : 'comparing';
  return `compiling · ${formatCount(progress.files)} ${progress.files === 1 ? 'file' : 'files'}`;
}

/** Where the search's time is over, what is left is the final comparison. */
function leftText(progress: StatusRow['progress']): string {
  const leftMs = progress?.leftMs ?? 0;
  if (leftMs >= LEAST_LEFT_MS) return formatDuration(leftMs);
  return progress?.leftMs === 0 || (progress != null && progress.rounds !== null) ? 'comparing' : '–';
}

export function statusListing(rows: readonly StatusRow[]): Listing<StatusRow> {
  return {
    name: 'status',
    rows,
    columns: [
      { title: 'plan', text: ({ plan, planName }) => planName ?? plan ?? '–', raw: ({ plan }) => plan ?? '' },
      { title: 'study', stands: 'below', text: ({ id }) => id },
      { title: 'kernel', yields: 'name', text: ({ kernel }) => kernel },
      { title: 'shape', stands: 'below', text: ({ shape }) => shape },
      { title: 'target', yields: 'words', text: ({ target }) => target },
      {
        title: 'times',
        key: 'from',
        stands: 'below',
        text: ({ from }) => targetKinds[from].label,
        raw: ({ from }) => from,
      },
      { title: 'asked', key: 'restricted_to', yields: 'words', stands: 'below', text: askedAlone },
      {
        title: 'trials',
        align: 'right',
        text: ({ trials, progress }) =>
          progress?.of == null
            ? formatCount(trials)
            : `${formatCount(progress.trials)} of ${formatCount(progress.of)}`,
        raw: ({ trials }) => String(trials),
      },
      {
        title: 'left',
        key: 'left_ms',
        align: 'right',
        stands: 'below',
        text: ({ progress }) => leftText(progress),
        raw: ({ progress }) => String(progress?.leftMs ?? ''),
      },
      ...bestColumns(rows, bestTimesOf),
      {
        title: 'state',
        yields: 'words',
        text: ({ stateInPlan }) => endWords(stateInPlan),
        raw: ({ stateInPlan }) => stateInPlan,
      },
    ],
    document: (row) => row,
    whenEmpty: 'Nothing to do: no plan has been submitted yet.',
  };
}

/** During a visit the daemon knows of a fastest trial before it is stored. */
function bestTimesOf({ best, fastestUs, comparedUs, progress }: StatusRow): BestTimes {
  const live = progress?.fastestUs;
  const all = [...(isKnown(live) ? [live] : []), ...(fastestUs === null ? [] : [fastestUs])];
  return { best, comparedUs, fastestUs: all.length === 0 ? null : Math.min(...all) };
}
