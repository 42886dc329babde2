import { z } from 'zod';
import { STUDY_STATES } from '../../../store/records.ts';
import type { StudySummary } from '../../../store/study-store.ts';
import { INVALID_REASONS } from '../../../store/trial.ts';
import { isOver, withoutFindings } from '../../answers/study-end.ts';
import { LIST_ORDERS, LISTED_STATES, type ListedTrial, listTrials } from '../../answers/trial-list.ts';
import { whyOf } from '../../answers/why/why.ts';
import { ACTIONS, type Action } from '../../daemon/actions.ts';
import {
  parseFindings,
  storedReference,
  studyDocument,
  studyDocumentSchema,
} from '../../documents/findings.ts';
import { configurationSchema, metrics, timeUs } from '../../documents/parts.ts';
import { whyDocument, whyDocumentSchema } from '../../documents/why.ts';
import type { Desk } from '../desk.ts';
import { isOfHarness } from '../harness.ts';
import { conflict, notFound } from '../http-error.ts';
import { defineRoute, type Route } from '../route.ts';
import { noBody, nothing, studyPath, wholeNumber } from '../schemas.ts';
import { studyAnswer, studyAnswerOf } from '../study-answer.ts';

/** The study that a path names. Throws HttpError. */
export async function studyNamed(id: string, desk: Desk): Promise<StudySummary> {
  const { store } = desk.daemon;
  const study = await store.study(id);
  const summary = study === undefined ? undefined : await store.summary(study.id);
  if (summary === undefined) throw notFound(`no single study is called '${id}'`);
  return summary;
}

const listStudies = defineRoute({
  method: 'GET',
  path: '/v1/studies',
  summary: 'Studies, newest first',
  params: nothing,
  query: z.strictObject({
    kernel: z.string().optional(),
    shape: z.string().optional(),
    target: z.string().optional(),
    state: z.enum(STUDY_STATES).optional(),
  }),
  body: noBody,
  answer: z.array(studyAnswer),
  async act({ query: { kernel, shape, target, state } }, { daemon }) {
    const summaries = await daemon.store.studies({
      ...(kernel !== undefined && { kernelName: kernel }),
      ...(shape !== undefined && { shape }),
      ...(target !== undefined && { targetName: target }),
      ...(state !== undefined && { state }),
    });
    return summaries.map((summary) => studyAnswerOf(summary, daemon.live.of(summary.study.id)));
  },
});

const oneStudy = defineRoute({
  method: 'GET',
  path: '/v1/studies/{id}',
  summary: 'One study',
  params: studyPath,
  query: nothing,
  body: noBody,
  answer: studyAnswer,
  async act({ params: { id } }, desk) {
    const summary = await studyNamed(id, desk);
    return studyAnswerOf(summary, desk.daemon.live.of(summary.study.id));
  },
});

const listedTrial = z
  .strictObject({
    number: z
      .int()
      .exactOptional()
      .describe('Absent for running and abandoned trials, and for configurations timed by a comparison.'),
    state: z.enum(['timed', 'invalid', 'running', 'abandoned']),
    configuration: configurationSchema,
    subset: z.string(),
    origin: z
      .string()
      .describe('The move that proposed it; comparison: timed by a comparison, here the latest.'),
    timeUs: timeUs.exactOptional(),
    reason: z.enum(INVALID_REASONS).exactOptional(),
    message: z.string().exactOptional(),
    metrics: metrics.exactOptional(),
  })
  .readonly();

const trialPage = defineRoute({
  method: 'GET',
  path: '/v1/studies/{id}/trials',
  summary: 'Trials of a study, a page at a time',
  params: studyPath,
  query: z.strictObject({
    state: z.enum(LISTED_STATES).default('settled'),
    order: z.enum(LIST_ORDERS).default('number').describe('time: fastest first, timed trials only.'),
    limit: wholeNumber(1, 1000, 100),
    after: z.string().optional().describe('`next` of the page before, with the same state and order.'),
  }),
  body: noBody,
  answer: z.strictObject({
    trials: z.array(listedTrial),
    next: z.string().nullable().describe('The value of `after` for the next page; null on the last page.'),
  }),
  async act({ params: { id }, query: { after, ...list } }, desk) {
    const { study } = await studyNamed(id, desk);
    const wanted = { ...list, studyId: study.id, ...(after !== undefined && { after }) };
    const page: ListedTrial[] = [];
    for await (const one of listTrials(wanted, desk.daemon.store)) page.push(one);
    const next = page.length < list.limit ? null : (page.at(-1)?.place ?? null);
    return { trials: page.map(listedTrialOf), next };
  },
});

function listedTrialOf({ trial }: ListedTrial): z.infer<typeof listedTrial> {
  return {
    ...('number' in trial && { number: trial.number }),
    state: trial.state,
    configuration: trial.configuration,
    subset: trial.subset,
    origin: trial.origin,
    ...(trial.state === 'timed' && { timeUs: trial.timeUs }),
    ...(trial.state === 'invalid' && { reason: trial.reason, message: trial.message }),
    ...('metrics' in trial && trial.metrics !== undefined && { metrics: trial.metrics }),
  };
}

/** A study with what was found. Answers 404 where no visit has ended. */
async function findingsOf(id: string, desk: Desk) {
  const summary = await studyNamed(id, desk);
  const stored = await desk.daemon.store.findings(summary.study.id);
  const findings = parseFindings(stored);
  if (findings === undefined) throw notFound(withoutFindings(summary.study, stored));
  return { summary, findings };
}

const ladder = defineRoute({
  method: 'GET',
  path: '/v1/studies/{id}/ladder',
  summary: 'A study’s findings: rungs, gains by mechanism, warnings',
  params: studyPath,
  query: nothing,
  body: noBody,
  answer: studyDocumentSchema,
  async act({ params: { id } }, desk) {
    const { summary, findings } = await findingsOf(id, desk);
    return studyDocument(storedReference(summary), findings);
  },
});

const why = defineRoute({
  method: 'GET',
  path: '/v1/studies/{id}/why',
  summary: 'Why a study’s configuration wins: one parameter at a time, the next limit, the roofline',
  params: studyPath,
  query: nothing,
  body: noBody,
  answer: whyDocumentSchema,
  async act({ params: { id } }, desk) {
    const { summary, findings } = await findingsOf(id, desk);
    const found = await whyOf(summary, findings, desk.daemon.store, (asked) => desk.questions.why(asked));
    return whyDocument(storedReference(summary), summary.study.defaultConfiguration, findings, found);
  },
});

const SUMMARIES: Readonly<Record<Action, string>> = Object.freeze({
  pause: 'Pause a study; it keeps its place',
  resume: 'Continue a paused study',
  stop: 'End a study’s visit now, with a comparison of the finalists',
  cancel: 'End a study’s visit now, without a comparison',
});

const actions = ACTIONS.map((action) =>
  defineRoute({
    method: 'POST',
    path: `/v1/studies/{id}/${action}`,
    summary: SUMMARIES[action],
    params: studyPath,
    query: nothing,
    body: noBody,
    answer: studyAnswer,
    async act({ params: { id } }, desk) {
      const { study } = await studyNamed(id, desk);
      // A harness continues its study by itself; all other studies need a new visit.
      const canGoOn = action === 'resume' && (await isOfHarness(study, desk));
      if (isOver(study) && !canGoOn)
        throw conflict(`study ${study.id} is ${study.state}: it has no visit to ${action}`);
      if (action === 'resume' && study.state === 'open')
        throw conflict(`study ${study.id} is not paused: there is nothing to resume`);
      await desk.daemon.act(action, [study.id]);
      if (action === 'stop' || action === 'cancel') desk.asks.forget(study.id);
      return studyAnswerOf(await studyNamed(study.id, desk), desk.daemon.live.of(study.id));
    },
  }),
);

export const studyRoutes: readonly Route[] = Object.freeze([
  listStudies,
  oneStudy,
  trialPage,
  ladder,
  why,
  ...actions,
]);
