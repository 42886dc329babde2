import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Random, randomFor } from '../../search-space/random.ts';
import { countSubspaces } from '../../src/ask/count-subspaces.ts';
import { openStudy } from '../../src/ask/open-study.ts';
import { resolveStudy } from '../../src/ask/resolve-study.ts';
import { studySpecSchema } from '../../src/ask/study-spec.ts';
import { parseFindings, storedReference } from '../../src/documents/findings.ts';
import { documentSchemas } from '../../src/documents/index.ts';
import { scalingDocument } from '../../src/documents/scaling.ts';
import { exporters, storeExporters } from '../../src/exporters/registry.ts';
import { desktop } from '../../src/http/desk.fixture.ts';
import { plain } from '../../src/report/terminal/paint.ts';
import { drawScaling } from '../../src/report/terminal/scaling.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import type { Backend } from '../../tuner/backend.ts';
import { visitStudy } from '../../tuner/study.ts';
import { temporaryFolder } from '../cli/command-line.fixture.ts';
import { inProcess } from '../cli/in-process.fixture.ts';
import { clock, TOOL_VERSION } from './tuned-store.fixture.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder.path, name);
const nightshift = (line: string) => inProcess(line.split(' '), { NIGHTSHIFT_STORE: at('sparse.db') });
afterAll(folder.remove);

/** Of so many trials MT and DB show nothing. */
const SPARSE = ['65536', '131072'];
const FAILED = '8192';
const UNTRIED = '4096';

/** A real clock that scatters a little; every configuration that is not its own fails where `works` is false. */
function scattering(random: Random, works: boolean): Backend {
  return {
    provenance: 'wasm',
    timing: { kind: 'noisy' },
    batchSize: 1,
    prepare: async ({ configuration }) =>
      works
        ? { state: 'ready', variant: { configuration, handle: null } }
        : { state: 'invalid', reason: 'compile', message: 'broken on purpose' },
    verify: async () => ({ state: 'correct' }),
    session: async () => ({
      sample: async ({ configuration: { lanes } }) => {
        return { state: 'timed', timeUs: (100 / Number(lanes)) * (1 + 0.01 * random()) };
      },
      environment: () => ({}),
      close: async () => {},
    }),
    close: async () => {},
  };
}

async function visit(store: Store, shape: string, trials: number, works = true): Promise<void> {
  const resolved = await resolveStudy(
    studySpecSchema.parse({
      kernel: { kind: 'named', name: 'gelu' },
      shape,
      target: { kind: 'named', name: 'wasm' },
      strategy: 'random',
    }),
  );
  const study = await openStudy(await countSubspaces(resolved), store, TOOL_VERSION);
  if (trials === 0) return;
  const signal = new AbortController().signal;
  const backend = scattering(randomFor('sparse', shape), works);
  const surroundings = { toolVersion: TOOL_VERSION, environment: {}, listen: () => {} };
  await visitStudy(study, { trials }, { store, backend, clock, signal, ...surroundings });
}

beforeAll(async () => {
  const store = await openStore(at('sparse.db'), { mode: 'write', clock, writer: { role: 'test' } });
  for (const shape of SPARSE) await visit(store, shape, 2);
  await visit(store, FAILED, 2, false);
  await visit(store, UNTRIED, 0);
  await store.close();
});

const INVENTED = /\b1\.00 ?[×x]|NaN|Infinity|undefined/;
const FIGURES =
  /"(gain\w*|timeUs|bestUs|interval|breakEven|worstRegret|regret|alone|leftOut|forced|shapleyShare|ladder\w*)": ?null/;

function expectNothingInvented(text: string): void {
  expect(text).not.toBe('');
  expect(text.match(INVENTED)?.[0]).toBeUndefined();
  expect(text.match(FIGURES)?.[0]).toBeUndefined();
}

/** Also no interval of width zero. */
function expectHonest(document: unknown): void {
  expectNothingInvented(JSON.stringify(document));
  const flat: unknown[] = [];
  JSON.stringify(document, (_, part) => {
    if (typeof part === 'object' && part !== null && typeof part.low === 'number' && part.low === part.high)
      flat.push(part);
    return part;
  });
  expect(flat).toEqual([]);
}

const GELU = 'gelu --target wasm';

describe('what nobody looked at is invented by no command', () => {
  it.each([
    `ladder ${GELU} --shape 65536`,
    `ladder ${GELU} --shape ${FAILED}`,
    `best ${GELU} --shape 65536`,
    `best ${GELU} --shape 100000`,
    `best ${GELU} --shapes 65536,131072 --robust`,
    'studies',
    'studies --format md',
    'studies --format csv',
    `report --html ${at('report.html')}`,
    `report --md ${at('report.md')}`,
  ])('%s', async (line) => {
    const { stdout, stderr } = await nightshift(line);
    expectNothingInvented(stdout + stderr);
  });

  it.each([
    [`ladder ${GELU} --shape 65536`, 'study'],
    [`ladder ${GELU} --shape ${FAILED}`, 'study'],
    [`best ${GELU} --shape 65536`, 'best'],
    [`best ${GELU} --shape 100000`, 'best'],
    [`best ${GELU} --shapes 65536,131072`, 'bests'],
    [`best ${GELU} --shapes 65536,131072 --robust`, 'robust'],
    ['studies', 'studies'],
  ])('%s --format json', async (line, schema) => {
    const { stdout } = await nightshift(`${line} --format json`);
    const document: unknown = JSON.parse(stdout);
    expect(documentSchemas[schema].safeParse(document).error?.issues).toBeUndefined();
    expectHonest(document);
    // Of the best, and of its gain.
    if (schema === 'studies')
      expect(new Set(stdout.match(/"unknown": ".*"/g))).toEqual(
        new Set(['"unknown": "not tried"', '"unknown": "failed"', '"unknown": "not applicable"']),
      );
  });

  it('importance says how few trials there are', async () => {
    const { code, stdout, stderr } = await nightshift(`importance ${GELU} --shape 65536`);
    expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
    expect(stderr).toContain('2 timed trials are too few to tell what matters');
  });

  it('a report of HTML and Markdown is written with the reasons', () => {
    for (const name of ['report.html', 'report.md']) {
      const text = readFileSync(at(name), 'utf8');
      expectNothingInvented(text);
      expect(text).toContain('not tried (');
    }
  });

  it('scaling', async () => {
    const store = await openStore(at('sparse.db'), { mode: 'read', clock });
    const sized = [];
    for (const summary of await store.studies()) {
      const findings = parseFindings(await store.findings(summary.study.id));
      if (findings !== undefined) sized.push({ reference: storedReference(summary), findings });
    }
    await store.close();
    expect(sized).toHaveLength(3);
    for (const mechanism of ['vec', 'mt', 'db'] as const) {
      const document = scalingDocument(mechanism, sized);
      expect(documentSchemas.scaling.safeParse(document).error?.issues).toBeUndefined();
      expectHonest(document);
      const drawn = drawScaling(document, 100, plain);
      expectNothingInvented(drawn);
      expect(drawn).toContain('is unknown at each of these sizes');
      expect(drawn).not.toMatch(/[█░]/);
    }
  });
});

describe('what nobody looked at is in no export', () => {
  it.each(['c-header', 'cmake', 'env', 'json'])('%s says what is left out, and why', async (format) => {
    const out = at(`reasons-${format}`);
    await nightshift(`export --format ${format} --out ${out}`);
    const [file] = readdirSync(out);
    const text = readFileSync(join(out, file), 'utf8');
    expect(text).toMatch(
      /gelu f32 4096: the time of study \w+ is unknown, not tried \(the study has no trial yet\)/,
    );
    expect(text).toMatch(
      /gelu f32 8192: the time of study \w+ is unknown, failed \(each of its 2 trials failed\)/,
    );
  });

  it.each([...exporters, ...storeExporters].map(({ name }) => name))('%s', async (format) => {
    const out = at(`exported-${format}`);
    const { code } = await nightshift(`export --format ${format} --out ${out}`);
    // Those formats are for other kinds of targets.
    expect(code).toBe(
      ['hexagon-mlir', 'hexagon-mlir@227b330', 'iree-hexagon', 'c-source'].includes(format) ? 6 : 0,
    );
    for (const file of code === 0 ? readdirSync(out) : [])
      expectNothingInvented(readFileSync(join(out, file), 'utf8'));
  });
});

describe('what nobody looked at is invented by no page', () => {
  it('of the API, the metrics and the dashboard', async () => {
    const store = await openStore(at('sparse.db'), { mode: 'write', clock, writer: { role: 'test' } });
    const { ask, server } = await desktop({ store });
    const { body } = await ask('GET', '/v1/studies');
    expectHonest(body);
    const ids = (await store.studies()).map(({ study }) => study.id);
    const pages = [
      ...ids.flatMap((id) => [
        `/v1/studies/${id}`,
        `/v1/studies/${id}/ladder`,
        `/dashboard/data/studies/${id}`,
        `/dashboard/data/importance/${id}`,
        `/dashboard/data/compare/${id}/${ids[0]}`,
      ]),
      '/v1/best?kernel=gelu&target=wasm&shape=65536',
      '/v1/best?kernel=gelu&target=wasm&shape=100000',
      '/dashboard/data/kernels/gelu',
    ];
    for (const page of pages) {
      const { body } = await ask('GET', page);
      // Markup that is not drawn is null, and so is the time of a trial that failed, beside its reason.
      expectHonest({ ...(typeof body === 'object' && body), figures: {}, trials: [] });
    }
    const headers = { host: '127.0.0.1:7070' };
    const { payload } = await server.inject({ method: 'GET', url: '/metrics', headers });
    expectNothingInvented(payload);
    const unknown = payload.match(/^nightshift_study_time_unknown\{.*\} 1$/gm) ?? [];
    expect(unknown.map((line) => /shape="(\d+)".*reason="(.*)"/.exec(line)?.slice(1)).sort()).toEqual([
      ['4096', 'not tried'],
      ['8192', 'failed'],
    ]);
    await store.close();
  });
});
