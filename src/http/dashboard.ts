import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { type Asset, dashboardAssets } from '../dashboard/assets.ts';
import { compareStudies } from '../dashboard/comparison.ts';
import { devicesPage } from '../dashboard/devices-page.ts';
import { importancePage } from '../dashboard/importance-page.ts';
import { kernelPage } from '../dashboard/kernel-page.ts';
import { studyPage } from '../dashboard/study-page.ts';
import type { Desk } from './desk.ts';
import type { Endpoint } from './endpoint.ts';
import { notFound } from './http-error.ts';
import { parseGiven } from './route.ts';
import { nothing } from './schemas.ts';

/** The page loads from this server only, and no other site may frame it. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const assets = dashboardAssets();
const paths = new Set(assets.map(({ path }) => path));

/** The page's files contain no data of the store: they are served without a token, and the page asks for one. */
export function isDashboardAsset(path: string): boolean {
  return paths.has(path);
}

const study = z.object({ id: z.string().min(1) });
const pair = z.object({ before: z.string().min(1), after: z.string().min(1) });
const kernel = z.object({ name: z.string().min(1) });

const files = assets.map(
  (asset): Endpoint => ({ method: 'GET', path: asset.path, answer: async (_, reply) => send(asset, reply) }),
);

/** A page's data; its path's parameters are checked. */
function page<P extends z.ZodType>(
  path: string,
  schema: P,
  content: (params: z.infer<P>, desk: Desk) => Promise<unknown>,
): Endpoint {
  return {
    method: 'GET',
    path: `/dashboard/data/${path}`,
    answer: async ({ params }, _, desk) => content(parseGiven(schema, params, 'path'), desk),
  };
}

const pages = [
  page('store', nothing, async (_, { daemon, toolVersion }) => ({
    location: daemon.store.location,
    toolVersion,
  })),
  page('studies/{id}', study, async ({ id }, { daemon, questions }) => {
    const content = await studyPage(id, daemon.store, (call) => questions.timeline(call));
    if (content === undefined) throw notFound(`no study is called '${id}'`);
    return { ...content, progress: daemon.live.of(content.id) ?? null };
  }),
  page('importance/{id}', study, async ({ id }, { daemon, questions }) => {
    const ask = (...asked: Parameters<typeof questions.importance>) => questions.importance(...asked);
    const content = await importancePage(id, daemon.store, ask);
    if (content === undefined) throw notFound(`no study is called '${id}'`);
    return content;
  }),
  page('compare/{before}/{after}', pair, async ({ before, after }, { daemon }) =>
    compareStudies(before, after, daemon.store),
  ),
  page('devices', nothing, async (_, { devices }) => devicesPage(devices)),
  page('kernels/{name}', kernel, async ({ name }, { daemon }) => kernelPage(name, daemon.store)),
];

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
