import { z } from 'zod';
import { STUDY_STATES } from '../../../store/records.ts';
import type { StudySummary } from '../../../store/study-store.ts';
import { INVALID_REASONS } from '../../../store/trial.ts';
import { isOver, withoutFindings } from '../../answers/study-end.ts';
import { ACTIONS, type Action } from '../../daemon/actions.ts';
import { parseFindings, studyDocument, studyDocumentSchema } from '../../documents/findings.ts';
import { configuration, timeUs } from '../../documents/parts.ts';
import type { Desk } from '../desk.ts';
import { conflict, notFound } from '../http-error.ts';
import { defineRoute, type Route } from '../route.ts';
import { noBody, nothing, studyPath, wholeNumber } from '../schemas.ts';
import { studyAnswer, studyAnswerOf } from '../study-answer.ts';

/** The study that a path names. Throws HttpError. */
export async function studyNamed(id: string, desk: Desk): Promise<StudySummary> {
  const { store } = desk.daemon;
  const study = await store.study(id);
  if (study === undefined) throw notFound(`no single study is called '${id}'`);
  const { kernelHash, targetFingerprint } = study;
  const summaries = await store.studies({ kernelHash, targetFingerprint });
  const summary = summaries.find((one) => one.study.id === study.id);
  if (summary === undefined) throw notFound(`no study is called '${id}'`);
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

const TRIAL_STATES = ['settled', 'timed', 'invalid', 'running', 'abandoned'] as const;

const listTrials = defineRoute({
  method: 'GET',
  path: '/v1/studies/{id}/trials',
  summary: 'Trials of a study',
  params: studyPath,
  query: z.strictObject({
    state: z.enum(TRIAL_STATES).default('settled'),
    order: z.enum(['number', 'time']).default('number').describe('time: fastest first, timed trials only.'),
    limit: wholeNumber(1, 1000, 100),
    offset: wholeNumber(0, 1e9, 0),
  }),
  body: noBody,
  answer: z.array(
    z
      .strictObject({
        number: z.int().exactOptional().describe('Absent while it is running, and where it was abandoned.'),
        state: z.enum(['timed', 'invalid', 'running', 'abandoned']),
        configuration,
        subset: z.string(),
        origin: z.string(),
        timeUs: timeUs.exactOptional(),
        reason: z.enum(INVALID_REASONS).exactOptional(),
        message: z.string().exactOptional(),
      })
      .readonly(),
  ),
  async act({ params: { id }, query: { state, order, limit, offset } }, desk) {
    const { study } = await studyNamed(id, desk);
    const filter = { studyId: study.id, order, limit, offset, ...(state !== 'settled' && { state }) };
    const trials = await desk.daemon.store.listTrials(filter);
    return trials.map(({ trial }) => ({
      ...('number' in trial && { number: trial.number }),
      state: trial.state,
      configuration: trial.configuration,
      subset: trial.subset,
      origin: trial.origin,
      ...(trial.state === 'timed' && { timeUs: trial.timeUs }),
      ...(trial.state === 'invalid' && { reason: trial.reason, message: trial.message }),
    }));
  },
});

const ladder = defineRoute({
  method: 'GET',
  path: '/v1/studies/{id}/ladder',
  summary: 'What a study found: rungs, gains by mechanism, warnings',
  params: studyPath,
  query: nothing,
  body: noBody,
  answer: studyDocumentSchema,
  async act({ params: { id } }, desk) {
    const { study, kernel, target } = await studyNamed(id, desk);
    const stored = await desk.daemon.store.findings(study.id);
    if (stored === undefined) throw notFound(withoutFindings(study));
    const { name, shape, dtype } = kernel;
    const { seed, strategy } = study;
    const reference = { id: study.id, kernel: name, shape, dtype, target: target.name, seed, strategy };
    return studyDocument(reference, parseFindings(stored));
  },
});

const SUMMARIES: Readonly<Record<Action, string>> = Object.freeze({
  pause: 'Keep a study’s place, but give it no time',
  resume: 'Go on with a paused study',
  stop: 'End a study’s visit now, with a comparison of what was found',
  cancel: 'End a study’s visit now, without one',
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
      if (action !== 'resume' && isOver(study))
        throw conflict(`study ${study.id} is ${study.state}: nothing of it is going on`);
      await desk.daemon.act(action, [study.id]);
      if (action === 'stop' || action === 'cancel') desk.asks.forget(study.id);
      return studyAnswerOf(await studyNamed(study.id, desk), desk.daemon.live.of(study.id));
    },
  }),
);

export const studyRoutes: readonly Route[] = Object.freeze([
  listStudies,
  oneStudy,
  listTrials,
  ladder,
  ...actions,
]);
