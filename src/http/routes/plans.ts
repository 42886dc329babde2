import { z } from 'zod';
import type { StudyStore } from '../../../store/study-store.ts';
import { planSchema } from '../../ask/plan.ts';
import { ACTIONS } from '../../daemon/actions.ts';
import { planName, planSummary, planSummarySchema } from '../../daemon/plan-summary.ts';
import type { Desk } from '../desk.ts';
import { conflict, notFound } from '../http-error.ts';
import { defineRoute, type Route } from '../route.ts';
import { noBody, nothing, planPath } from '../schemas.ts';

const planRow = z
  .strictObject({
    id: z.string(),
    name: z.string().nullable().describe('What it is called: mostly its file.'),
    state: z.enum(['active', 'ended']).describe('Whether it is paused is in its summary.'),
    submittedAt: z.string().describe('ISO 8601, UTC.'),
    endedAt: z.string().nullable(),
    activeMs: z.number().describe('Working time so far, milliseconds.'),
    studies: z.array(
      z.strictObject({
        study: z.string(),
        state: z.enum(['waiting', 'begun', 'ended']),
        stoppedBy: z.string().nullable(),
      }),
    ),
  })
  .readonly();

/** A plan as the list has it. */
export type ListedPlan = z.infer<typeof planRow>;

const listPlans = defineRoute({
  method: 'GET',
  path: '/v1/plans',
  summary: 'Plans, oldest first',
  params: nothing,
  query: z.strictObject({ active: z.enum(['true', 'false']).default('false') }),
  body: noBody,
  answer: z.array(planRow),
  async act({ query }, { daemon }) {
    const plans = await daemon.store.plans({ active: query.active === 'true' });
    return plans.map((plan) => {
      const { id, submittedAt, endedAt, activeMs, studies } = plan;
      return {
        id,
        name: planName(plan),
        state: endedAt === null ? ('active' as const) : ('ended' as const),
        submittedAt: new Date(submittedAt).toISOString(),
        endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
        activeMs: Math.round(activeMs),
        studies: studies.map(({ studyId, state, stoppedBy }) => ({ study: studyId, state, stoppedBy })),
      };
    });
  },
});

const submitPlan = defineRoute({
  method: 'POST',
  path: '/v1/plans',
  summary: 'Submit a plan',
  params: nothing,
  query: nothing,
  body: z.strictObject({
    plan: planSchema,
    again: z.boolean().default(false).describe('Also where the very same plan is at work already.'),
  }),
  status: 201,
  answer: planSummarySchema,
  async act({ body: { plan, again } }, { daemon, submissions }) {
    if (again) return planSummary(await submissions.again(plan), daemon.store);
    const { record, isNew } = await submissions.submit(plan);
    if (isNew) return planSummary(record, daemon.store);
    const since = new Date(record.submittedAt).toISOString();
    throw conflict(
      `this plan is at work already, as ${record.id} since ${since}; it was not submitted again`,
    );
  },
});

async function planNamed(id: string, { daemon }: Desk) {
  const record = await daemon.store.plan(id);
  if (record === undefined) throw notFound(`no plan is called '${id}'`);
  return record;
}

const onePlan = defineRoute({
  method: 'GET',
  path: '/v1/plans/{id}',
  summary: 'A plan and its results so far',
  params: planPath,
  query: nothing,
  body: noBody,
  answer: planSummarySchema,
  async act({ params: { id } }, desk) {
    return planSummary(await planNamed(id, desk), desk.daemon.store);
  },
});

const actions = ACTIONS.map((action) =>
  defineRoute({
    method: 'POST',
    path: `/v1/plans/{id}/${action}`,
    summary: `${action[0].toUpperCase()}${action.slice(1)} every study of a plan that has not ended`,
    params: planPath,
    query: nothing,
    body: noBody,
    answer: planSummarySchema,
    async act({ params: { id } }, desk) {
      await planNamed(id, desk);
      await desk.daemon.act(action, desk.daemon.activeStudies(id));
      return planSummary(await planNamed(id, desk), desk.daemon.store);
    },
  }),
);

const allActions = ACTIONS.map((action) =>
  defineRoute({
    method: 'POST',
    path: `/v1/${action}`,
    summary: `${action[0].toUpperCase()}${action.slice(1)} every study of every plan`,
    params: nothing,
    query: nothing,
    body: noBody,
    answer: z.strictObject({ studies: z.array(z.string()) }),
    async act(_, { daemon }) {
      const active = [...daemon.activeStudies()];
      const studies = action === 'resume' ? await pausedOf(active, daemon.store) : active;
      await daemon.act(action, studies);
      return { studies };
    },
  }),
);

async function pausedOf(ids: readonly string[], store: StudyStore): Promise<string[]> {
  const studies = await Promise.all(ids.map((id) => store.study(id)));
  return studies.flatMap((study) => (study?.state === 'paused' ? [study.id] : []));
}

export const planRoutes: readonly Route[] = Object.freeze([
  listPlans,
  submitPlan,
  onePlan,
  ...actions,
  ...allActions,
]);
