import { z } from 'zod';
import { formatDuration } from '../duration.ts';
import type { Listing } from '../report/listing/listing.ts';
import { formatCount, formatMicroseconds } from '../report/terminal/numbers.ts';

const planned = z.object({ study: z.string(), state: z.string(), stoppedBy: z.string().nullable() });
const plans = z.array(z.object({ id: z.string(), studies: z.array(planned) }));
const studies = z.array(
  z.object({
    id: z.string(),
    kernel: z.string(),
    shape: z.string(),
    dtype: z.string(),
    target: z.string(),
    state: z.string(),
    trials: z.number(),
    best: z.object({ timeUs: z.number() }).nullable(),
    progress: z
      .object({
        trials: z.number(),
        of: z.number().nullable(),
        leftMs: z.number().nullable(),
        bestUs: z.number().nullable(),
      })
      .nullable(),
  }),
);

/** A study with its place in a plan. */
export type StatusRow = z.infer<typeof studies>[number] & Readonly<{ plan: string | null; fate: string }>;

/** Studies of active plans, and whatever else is not done: what a person looks for. */
export async function statusOf(
  daemon: Readonly<{ get(path: string): Promise<unknown> }>,
): Promise<readonly StatusRow[]> {
  const active = plans.parse(await daemon.get('/v1/plans?active=true'));
  const all = studies.parse(await daemon.get('/v1/studies'));
  const places = new Map(
    active.flatMap(({ id, studies: own }) => own.map((one) => [one.study, { plan: id, ...one }] as const)),
  );
  return all.flatMap((study) => {
    const place = places.get(study.id);
    if (place === undefined && study.state !== 'paused') return [];
    return [{ ...study, plan: place?.plan ?? null, fate: fateOf(study, place) }];
  });
}

function fateOf(study: z.infer<typeof studies>[number], place: z.infer<typeof planned> | undefined): string {
  if (place?.state === 'ended') return place.stoppedBy ?? 'ended';
  if (study.state === 'paused') return 'paused';
  return place?.state === 'begun' ? 'working' : 'waiting';
}

export function statusListing(rows: readonly StatusRow[]): Listing<StatusRow> {
  return {
    name: 'status',
    rows,
    columns: [
      { title: 'plan', text: ({ plan }) => plan ?? '–', raw: ({ plan }) => plan ?? '' },
      { title: 'study', text: ({ id }) => id },
      { title: 'kernel', text: ({ kernel }) => kernel },
      { title: 'shape', text: ({ shape }) => shape },
      { title: 'target', text: ({ target }) => target },
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
        title: 'best µs',
        key: 'best_time_us',
        align: 'right',
        text: ({ best, progress }) => bestText(best?.timeUs ?? progress?.bestUs ?? undefined),
        raw: ({ best }) => (best === null ? '' : String(best.timeUs)),
      },
      {
        title: 'left',
        key: 'left_ms',
        align: 'right',
        text: ({ progress }) => (progress?.leftMs == null ? '–' : formatDuration(progress.leftMs)),
        raw: ({ progress }) => String(progress?.leftMs ?? ''),
      },
      { title: 'state', text: ({ fate }) => fate },
    ],
    document: (row) => row,
    whenEmpty: 'Nothing to do: no plan is active.',
  };
}

function bestText(timeUs: number | undefined): string {
  return timeUs === undefined ? '–' : formatMicroseconds(timeUs);
}
