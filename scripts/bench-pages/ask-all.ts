import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { routes } from '../../src/http/routes/index.ts';
import type { BenchDaemon } from './daemon.ts';

/** The timing of a repeated request. Times in milliseconds. */
export type Timing = Readonly<{
  request: string;
  status: number;
  bytes: number;
  medianMs: number;
  worstMs: number;
  /** The daemon's processor time per request, including the probes. */
  cpuMs: number;
  /** The longest latency of a probe, which is sent every few milliseconds at the same time. */
  othersMs: number;
}>;

type Asked = Readonly<{ method: string; path: string; body?: unknown }>;

const listed = z.array(z.object({ id: z.string(), kernel: z.string(), trials: z.int() }));

/** Times every address with GET, and a harness's requests to the study with the most trials. */
export async function* askAll(daemon: BenchDaemon, times: number): AsyncGenerator<Timing> {
  const studies = listed.parse(JSON.parse((await daemon.ask('GET', '/v1/studies')).text));
  const [long, other, third] = studies.toSorted((a, b) => b.trials - a.trials).map(({ id }) => id);
  for (const path of [...dashboardPaths(long, other, third), ...routePaths(long, other)])
    yield await timed(daemon, { method: 'GET', path }, times);
  for (const asked of await harness(daemon, long)) yield await timed(daemon, asked, times);
}

function dashboardPaths(long: string, other: string, third: string): readonly string[] {
  const data = ['store', `studies/${long}`, `studies/${other}`, 'kernels/gelu', 'kernels/sweep'];
  const pairs = [`compare/${long}/${other}`, `compare/${other}/${third}`];
  return [
    ...['/', '/healthz', '/metrics', '/openapi.json'],
    ...[...data, ...pairs].map((page) => `/dashboard/data/${page}`),
  ];
}

/** The paths of all GET routes, each with its useful queries. */
function routePaths(long: string, other: string): readonly string[] {
  const deep = encodeURIComponent('n900000');
  const queries: Readonly<Record<string, readonly string[]>> = {
    '/v1/best': [
      '?kernel=sweep&target=board',
      '?kernel=gelu&target=hexagon-v75',
      '?kernel=gelu&target=hexagon-v75&shape=3000000',
    ],
    '/v1/scaling': ['?kernel=gelu&target=hexagon-v75', '?kernel=sweep&target=board'],
    '/v1/model': ['?kind=xgb'],
    '/v1/studies': ['', '?kernel=gelu', '?state=done', '?kernel=sweep&target=board'],
    '/v1/studies/{id}/trials': [
      ...['', '?limit=1000', `?limit=1000&after=${deep}`, '?order=time&limit=1000'],
      ...['timed', 'invalid', 'running', 'abandoned'].map((state) => `?state=${state}&limit=1000`),
    ],
  };
  return routes
    .filter(({ method }) => method === 'GET')
    .flatMap(({ path }) => {
      const subjects = path.startsWith('/v1/studies/{id}') ? [long, other] : [long];
      return subjects.flatMap((id) =>
        (queries[path] ?? ['']).map((query) => path.replace('{id}', id) + query),
      );
    });
}

/** A harness's requests. The space of the long study has ten times as many configurations as trials. */
async function harness(daemon: BenchDaemon, long: string): Promise<readonly Asked[]> {
  const { text } = await daemon.ask('GET', `/v1/studies/${long}/trials?limit=1`);
  const page = z.object({ trials: z.array(z.object({ configuration: z.record(z.string(), z.json()) })) });
  const [{ configuration }] = page.parse(JSON.parse(text)).trials;
  const path = (action: string): string => `/v1/studies/${long}/${action}`;
  return [
    { method: 'POST', path: path('ask'), body: { count: 8 } },
    { method: 'POST', path: path('predict'), body: { configurations: [configuration] } },
    { method: 'POST', path: path('tell'), body: { results: [{ configuration, timeUs: 5 }] } },
    { method: 'POST', path: path('stop') },
    { method: 'POST', path: path('resume') },
    { method: 'POST', path: path('cancel') },
  ];
}

async function timed(daemon: BenchDaemon, { method, path, body }: Asked, times: number): Promise<Timing> {
  const ms: number[] = [];
  let last = { status: 0, bytes: 0 };
  let isOver = false;
  const cpuBefore = daemon.cpuMs();
  const others = waits(daemon, () => isOver);
  for (let time = 0; time < times; time++) {
    const answer = await daemon.ask(method, path, body);
    ms.push(answer.ms);
    last = answer;
  }
  isOver = true;
  const sorted = ms.toSorted((a, b) => a - b);
  return {
    request: `${method} ${path}`,
    status: last.status,
    bytes: last.bytes,
    medianMs: sorted[times >> 1],
    worstMs: sorted[times - 1],
    cpuMs: (daemon.cpuMs() - cpuBefore) / times,
    othersMs: await others,
  };
}

/** Sends probes until `isOver`; returns the longest latency in milliseconds. */
async function waits(daemon: BenchDaemon, isOver: () => boolean): Promise<number> {
  let worst = 0;
  while (!isOver()) {
    worst = Math.max(worst, (await daemon.ask('GET', '/healthz')).ms);
    await delay(5);
  }
  return worst;
}
