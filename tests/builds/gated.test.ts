import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knownShapes } from '../../src/answers/best/known-shape.ts';
import { leastRegret } from '../../src/answers/best/robust.ts';
import { storedReference, studyDocument } from '../../src/documents/findings.ts';
import { scalingDocument } from '../../src/documents/scaling.ts';
import { cHeader } from '../../src/exporters/c-header.ts';
import { tunedTargets } from '../../src/exporters/tuned.ts';
import { libraryKernel } from '../../src/kernels/library.ts';
import { htmlReport } from '../../src/report/html/page.ts';
import { markdownReport } from '../../src/report/markdown/report.ts';
import { tellStory } from '../../src/report/story/story.ts';
import { drawFindings } from '../../src/report/terminal/findings.ts';
import { plain } from '../../src/report/terminal/paint.ts';
import { drawScaling } from '../../src/report/terminal/scaling.ts';
import { resolveTarget } from '../../src/targets/resolve.ts';
import type { Store } from '../../store/store.ts';
import { knownOr } from '../../tuner/attribution/gain.ts';
import { emptyStore, tune } from './tuned-store.fixture.ts';

const TARGET = 'hexagon-mlir';
const GATED = { unknown: 'gated by the compiler', why: expect.stringContaining('65536') };

let store: Store;
beforeAll(async () => {
  store = await emptyStore();
});
afterAll(() => store.close());

/** A kernel with one operation an element, at sizes around twice the gate. */
const relu = (elements: number) =>
  tune(store, { kernel: 'relu', shape: String(elements), target: TARGET, trials: 20 });

async function documentOf(id: string) {
  const summary = await store.summary(id);
  if (summary === undefined) throw new Error('no study');
  return storedReference(summary);
}

describe('threads that the compiler does not use', () => {
  it('have no gain, no rung and no share, with the compiler’s rule', async () => {
    const { id, findings } = await relu(65536);
    const { alone, leftOut, forced, shapleyShare } = findings.gains.mt ?? {};
    for (const figure of [alone, leftOut, forced, shapleyShare]) expect(figure).toEqual(GATED);
    for (const ladder of [findings.ladder, findings.ladderFixedTile]) {
      const rung = knownOr(ladder)?.find((each) => each.rung === 'vec+mt');
      expect(rung).toMatchObject({ configuration: null, timeUs: GATED, gainOverPrevious: GATED });
    }
    const document = studyDocument(await documentOf(id), findings);
    const text = drawFindings({ document, place: 'here', columns: 400, paint: plain });
    expect(text).toMatch(/^\+mt {2,}gated +gated +gated$/m);
    expect(text).toMatch(/^MT +gated +gated +gated +gated$/m);
    expect(text).toContain('+mt: unknown, gated by the compiler (the compiler runs less than 65536');
  });

  it('leave the next step of the ladder known', async () => {
    const { findings } = await relu(32768);
    const [, vec, , db] = knownOr(findings.ladder) ?? [];
    expect(knownOr(vec.timeUs)).toBeGreaterThanOrEqual(knownOr(db.timeUs) ?? Number.NaN);
    expect(knownOr(db.gainOverPrevious)?.value).toBeGreaterThanOrEqual(1);
  });

  it('pay only at sizes beyond the gate', async () => {
    const sized = [];
    for (const elements of [65536, 131072, 524288]) {
      const { id, findings } = await relu(elements);
      sized.push({ reference: await documentOf(id), findings });
    }
    const document = scalingDocument('mt', sized);
    expect(document.sizes.map(({ forced }) => 'unknown' in forced)).toEqual([true, false, false]);
    const text = drawScaling(document, 200, plain);
    expect(text).toMatch(/^ *65536 .*gated +gated *$/m);
    expect(text).toContain('65536: unknown, gated by the compiler');
  });

  it('are not those of gelu at 32,768, whose published gain stands beside a figure', async () => {
    const { id, findings } = await tune(store, {
      kernel: 'gelu',
      shape: '32768',
      target: TARGET,
      trials: 60,
    });
    const { published } = studyDocument(await documentOf(id), findings);
    const mt = published.find(({ mechanism }) => mechanism === 'mt');
    expect(mt?.value).toBe(2.28);
    expect(knownOr(mt?.here)?.low).toBeLessThan(2.28);
    expect(knownOr(mt?.here)?.high).toBeGreaterThan(2.28);
  });

  it('do not spoil the choice for any other shape, where one thread is what they are carried out as', async () => {
    const found = () => resolveTarget({ kind: 'named', name: TARGET });
    for (const shape of ['16384', '65536', '1048576'])
      await tune(store, { kernel: 'gelu', shape, target: TARGET, trials: 60 });
    const [tuned] = await tunedTargets(store, { kernel: 'gelu', target: TARGET }, found);
    const { files } = await cHeader.export(tuned);
    expect(files[0].text).toContain('any other shape: the best known one at every tuned shape');
    expect(files[0].text).toContain('GELU_F32_DEFAULT_THREADS 4');
    expect(files[0].text).toContain('GELU_F32_16384_THREADS 1');
    const target = await found();
    const kernels = [16384, 65536].map((size) => libraryKernel('gelu', [size]));
    const { known } = await knownShapes(kernels, target, store);
    const space = target.space(kernels[0]);
    const choice = leastRegret(known, { space, default: target.defaultConfiguration(kernels[0], space) });
    expect(choice).toMatchObject({ worst: 1, configuration: { threads: 4 } });
  });

  it('are called so in the report', async () => {
    const story = await tellStory(store, { kernelName: 'relu' });
    expect(htmlReport(story)).toContain('MT alone, left out, forced, Shapley share: unknown, gated by the');
    expect(markdownReport(story, 'figures').text).toContain('| MT | gated | gated | gated | gated |');
  });
});
