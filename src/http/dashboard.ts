import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { StudySummary } from '../../store/study-store.ts';
import type { MovedQuestion } from '../answers/what-if/moved-machine.ts';
import { planSummary } from '../daemon/plan-summary.ts';
import { type Asset, dashboardAssets } from '../dashboard/assets.ts';
import { compareStudies } from '../dashboard/comparison.ts';
import { devicesPage } from '../dashboard/devices-page.ts';
import { importancePage } from '../dashboard/importance-page.ts';
import { keepingBreakdowns } from '../dashboard/kept-breakdowns.ts';
import { kernelPage } from '../dashboard/kernel-page.ts';
import { type ComputeBreakdowns, planBreakdowns, planWholes } from '../dashboard/plan-page.ts';
import { studyPage } from '../dashboard/study-page.ts';
import { studyTrials } from '../dashboard/study-trials.ts';
import { type DrawCalls, pairTimelines, studyTimelines } from '../dashboard/timelines-page.ts';
import { waitsFor } from '../dashboard/waiting.ts';
import { whatIfPage } from '../dashboard/what-if-page.ts';
import { whyPage } from '../dashboard/why-page.ts';
import { outcomeInList } from '../documents/outcome-in-list.ts';
import { askedWords } from '../report/words/study-name.ts';
import type { Desk } from './desk.ts';
import type { Endpoint } from './endpoint.ts';
import { notFound } from './http-error.ts';
import { parseGiven } from './route.ts';
import { nothing, wholeNumber } from './schemas.ts';
import { studyAnswerOf } from './study-answer.ts';

/** The page loads from this server only, and no other site may frame it. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const assets = dashboardAssets();
const paths = new Set(assets.map(({ path }) => path));

/** The page's files contain no data of the store: they are served without a token, and the page asks for one. */
export function isDashboardAsset(path: string): boolean {
  return paths.has(path);
}

const named = z.object({ id: z.string().min(1) });
const pair = z.object({ before: z.string().min(1), after: z.string().min(1) });
const kernel = z.object({ name: z.string().min(1) });
const moved = z.object({
  changes: z.string().max(500).default(''),
  flips: z.enum(['true', 'false']).default('false'),
});
const coloured = z.object({ coloured: z.enum(['true', 'false']).default('false') });
const since = z.object({ from: wholeNumber(0, Number.MAX_SAFE_INTEGER, 0) });

const files = assets.map(
  (asset): Endpoint => ({ method: 'GET', path: asset.path, answer: async (_, reply) => send(asset, reply) }),
);

/** A page's data; the parameters of its path and its query are checked. */
function page<P extends z.ZodType, Q extends z.ZodType>(
  path: string,
  schemas: Readonly<{ params: P; query: Q }>,
  content: (given: Readonly<{ params: z.infer<P>; query: z.infer<Q> }>, desk: Desk) => Promise<unknown>,
): Endpoint {
  return {
    method: 'GET',
    path: `/dashboard/data/${path}`,
    answer: async ({ params, query }, _, desk) => {
      const given = {
        params: parseGiven(schemas.params, params, 'path'),
        query: parseGiven(schemas.query, query, 'query'),
      };
      return content(given, desk);
    },
  };
}

/** Throws HttpError for an id that no study has. */
function found<T>(content: T | undefined, id: string): T {
  if (content === undefined) throw notFound(`no study is called '${id}'`);
  return content;
}

/** What a page may lack, as JSON that says so. */
function possible<T extends object>(content: T | null): T | Readonly<{ isNone: true }> {
  return content ?? { isNone: true };
}

function drawFor({ questions }: Desk): DrawCalls {
  return (first, second) => questions.timelines(first, second);
}

const keepers = new WeakMap<Desk['questions'], ComputeBreakdowns>();

/** Each daemon keeps what it has computed. */
function breakdownsOf({ questions }: Desk): ComputeBreakdowns {
  const keeper = keepers.get(questions) ?? keepingBreakdowns((...asked) => questions.breakdowns(...asked));
  keepers.set(questions, keeper);
  return keeper;
}

/** A study of the list, with its gain. */
async function listed(summary: StudySummary, { daemon }: Desk) {
  const entry = studyAnswerOf(summary, daemon.live.of(summary.study.id));
  return {
    ...entry,
    asked: askedWords(entry),
    gainOverDefault: (await outcomeInList(summary.study.id, daemon.store)).gain,
  };
}

const pages = [
  page('store', { params: nothing, query: nothing }, async (_, { daemon, toolVersion }) => ({
    location: daemon.store.location,
    toolVersion,
  })),
  page('listed', { params: nothing, query: nothing }, async (_, desk) => {
    const rows: Awaited<ReturnType<typeof listed>>[] = [];
    for (const summary of await desk.daemon.store.studies()) rows.push(await listed(summary, desk));
    return rows;
  }),
  page('listed/{id}', { params: named, query: nothing }, async ({ params: { id } }, desk) =>
    listed(found(await desk.daemon.store.summary(id), id), desk),
  ),
  page('studies/{id}', { params: named, query: nothing }, async ({ params: { id } }, { daemon }) => {
    const content = found(await studyPage(id, daemon.store), id);
    const summary = found(await daemon.store.summary(content.id), id);
    const progress = daemon.live.of(content.id) ?? null;
    return { ...content, progress, waitsFor: waitsFor(summary, progress !== null, daemon.active - 1) };
  }),
  page('studies/{id}/trials', { params: named, query: since }, async ({ params: { id }, query }, desk) => {
    const { store, live } = desk.daemon;
    return { ...found(await studyTrials(id, query.from, store), id), progress: live.of(id) ?? null };
  }),
  page('importance/{id}', { params: named, query: nothing }, async ({ params: { id } }, desk) => {
    const { questions } = desk;
    const ask = (...asked: Parameters<typeof questions.importance>) => questions.importance(...asked);
    return found(await importancePage(id, desk.daemon.store, ask), id);
  }),
  page('why/{id}', { params: named, query: nothing }, async ({ params: { id } }, desk) =>
    possible(found(await whyPage(id, desk.daemon.store, (asked) => desk.questions.why(asked)), id)),
  ),
  page('timelines/{id}', { params: named, query: nothing }, async ({ params: { id } }, desk) =>
    possible(found(await studyTimelines(id, desk.daemon.store, drawFor(desk)), id)),
  ),
  page('timelines/{before}/{after}', { params: pair, query: nothing }, async ({ params }, desk) => {
    const { before, after } = params;
    const drawn = await pairTimelines([before, after], desk.daemon.store, drawFor(desk));
    return possible(found(drawn, `${before}' or '${after}`));
  }),
  page('what-if/{id}', { params: named, query: moved }, async ({ params: { id }, query }, desk) => {
    const changes = query.changes.split(',').filter((word) => word !== '');
    const asked = { changes, flips: query.flips === 'true' };
    const answer = (question: MovedQuestion) => desk.questions.whatIf(question);
    return possible(found(await whatIfPage(id, asked, desk.daemon.store, answer), id));
  }),
  page('wholes/{id}', { params: named, query: coloured }, async ({ params: { id }, query }, desk) => {
    const { store } = desk.daemon;
    const record = await store.plan(id);
    if (record === undefined) throw notFound(`no plan is called '${id}'`);
    const ids = query.coloured === 'true' ? record.studies.map(({ studyId }) => studyId) : [];
    const plan = await planSummary(record, store);
    return planWholes(plan, await planBreakdowns(ids, store, breakdownsOf(desk)));
  }),
  page('compare/{before}/{after}', { params: pair, query: nothing }, async ({ params }, { daemon }) =>
    compareStudies(params.before, params.after, daemon.store),
  ),
  page('kernels/{name}', { params: kernel, query: nothing }, async ({ params: { name } }, { daemon }) =>
    kernelPage(name, daemon.store),
  ),
  page('devices', { params: nothing, query: nothing }, async (_, { devices }) => devicesPage(devices)),
];

/** A study as the list has it. */
export type ListedStudy = Awaited<ReturnType<typeof listed>>;

/** The dashboard's files and the data of its pages, which are no part of the public API. */
export const dashboardEndpoints: readonly Endpoint[] = Object.freeze([...files, ...pages]);

function send({ type, body }: Asset, reply: FastifyReply): FastifyReply {
  return reply
    .type(type)
    .header('content-security-policy', POLICY)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-cache')
    .send(body);
}
