import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { type Asset, dashboardAssets } from '../dashboard/assets.ts';
import { compareStudies } from '../dashboard/comparison.ts';
import { kernelPage } from '../dashboard/kernel-page.ts';
import { studyPage } from '../dashboard/study-page.ts';
import type { Desk } from './desk.ts';
import { notFound } from './http-error.ts';

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

/** Serves the dashboard's files and the data of its pages, which are no part of the public API. */
export function serveDashboard(server: FastifyInstance, { daemon, questions, toolVersion }: Desk): void {
  for (const asset of assets) server.get(asset.path, async (_, reply) => send(asset, reply));
  server.get('/dashboard/data/store', async () => ({ location: daemon.store.location, toolVersion }));
  server.get('/dashboard/data/studies/:id', async ({ params }) => {
    const { id } = study.parse(params);
    const page = await studyPage(id, daemon.store, (shown) => questions.timeline(shown));
    if (page === undefined) throw notFound(`no study is called '${id}'`);
    return { ...page, progress: daemon.live.of(page.id) ?? null };
  });
  server.get('/dashboard/data/compare/:before/:after', async ({ params }) => {
    const { before, after } = pair.parse(params);
    return compareStudies(before, after, daemon.store);
  });
  server.get('/dashboard/data/kernels/:name', async ({ params }) =>
    kernelPage(kernel.parse(params).name, daemon.store),
  );
}

function send({ type, body }: Asset, reply: FastifyReply): FastifyReply {
  return reply
    .type(type)
    .header('content-security-policy', POLICY)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-cache')
    .send(body);
}
