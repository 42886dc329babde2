import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adaptTo } from '../../src/answers/best/adapt.ts';
import { findBest } from '../../src/answers/best/find-best.ts';
import { knownShapes } from '../../src/answers/best/known-shape.ts';
import { leastRegret } from '../../src/answers/best/robust.ts';
import { bestDocument, bestDocumentSchema } from '../../src/documents/best.ts';
import { libraryKernel } from '../../src/kernels/library.ts';
import { drawBest } from '../../src/report/terminal/best.ts';
import { plain } from '../../src/report/terminal/paint.ts';
import { resolveTarget } from '../../src/targets/resolve.ts';
import type { Store } from '../../store/store.ts';
import { knownOr } from '../../tuner/attribution/gain.ts';
import { emptyStore, tune, tunedStore } from './tuned-store.fixture.ts';

let store: Store;
beforeAll(async () => {
  store = await tunedStore();
});
afterAll(() => store.close());

/** The simulated target, as if a machine stood behind its name: nothing can be computed there. */
const measured = async (name = 'hexagon-v75') => ({
  ...(await resolveTarget({ kind: 'named', name })),
  kind: 'wasm' as const,
});

const ask = async (name: string, shape: readonly number[], target = 'hexagon-v75') => {
  const question = {
    kernel: libraryKernel(name, shape),
    source: 'library',
    target: await measured(target),
  };
  const answer = await findBest(question, store);
  const asked = { kernel: name, shape: shape.join('x'), dtype: 'f32', target };
  return { question, answer, document: bestDocumentSchema.parse(bestDocument(asked, answer)) };
};

describe('best', () => {
  it('answers with the observed best and its comparison', async () => {
    const { document } = await ask('gelu', [1048576]);
    expect(document.provenance).toEqual({ how: 'observed', from: 'simulator' });
    expect(document).toMatchObject({ basis: 'comparison', toolVersion: '9.9.9', notes: [] });
    expect(knownOr(document.gainOverDefault)?.value).toBeGreaterThan(1);
    expect(document.measuredAt).toBe('2023-11-14T22:13:20.000Z');
  });
  it('answers with the nearest shape and its distance, without a time', async () => {
    const { document } = await ask('gelu', [3_000_000]);
    expect(document.provenance).toEqual({
      how: 'nearest shape',
      from: 'simulator',
      shape: '1048576',
      distance: Math.log2(3_000_000 / 1_048_576),
    });
    for (const figure of [document.timeUs, document.interval, document.gainOverDefault])
      expect(figure).toMatchObject({ unknown: 'not tried' });
    expect(document.study).not.toBeNull();
  });
  it('predicts the time of a shape from other shapes, and says so', async () => {
    const tuned = await emptyStore();
    for (let power = 12; power < 22; power++)
      await tune(tuned, { kernel: 'relu', shape: `${2 ** power}`, trials: 8 });
    const question = {
      kernel: libraryKernel('relu', [100_000]),
      source: 'library',
      target: await measured(),
    };
    const asked = { kernel: 'relu', shape: '100000', dtype: 'f32', target: 'hexagon-v75' };
    const document = bestDocumentSchema.parse(bestDocument(asked, await findBest(question, tuned)));
    expect(document.provenance).toMatchObject({ how: 'nearest shape', shape: '131072' });
    expect(document.notes.join()).toContain('its time is predicted from 10 shapes of this kernel; not timed');
    const text = drawBest(document, 100, plain);
    expect(text).toMatch(/µs \[[\d.]+, [\d.]+\] predicted/);
    await tuned.close();
  });
  it.each([[3_000_001], [100_003], [2 ** 21], [262_144]])(
    'answers only with configurations that are possible at the shape, %i',
    async (size) => {
      const { question, answer } = await ask('gelu', [size]);
      expect(answer.how).not.toBe('observed');
      expect(question.target.space(question.kernel).has(answer.configuration)).toBe(true);
    },
  );
  it('adapts to a shape that is too small for tiles, and says what it left out', async () => {
    const target = await resolveTarget({ kind: 'named', name: 'wasm' });
    const [small, large] = [64, 16384].map((size) => libraryKernel('gelu', [size]));
    const space = target.space(small);
    const adapted = adaptTo(space, target.defaultConfiguration(large, target.space(large)));
    expect(space.has(adapted?.configuration ?? {})).toBe(true);
    expect(adapted?.changed.join()).toMatch(/without tile \d+/);
  });
  it('tells no time of a model where the kernel was tuned at far shapes only', async () => {
    const predicted = { configuration: {}, timeUs: 5, interval: { low: 4, high: 6 }, model: 'm1' };
    const asked = { kernel: 'gelu', shape: '64', dtype: 'f32', target: 'wasm' };
    const answer = { how: 'predicted', from: 'wasm', configuration: {}, predicted, why: 'far' } as const;
    expect(bestDocument(asked, { ...answer, isFar: false }).timeUs).toBe(5);
    const { timeUs, interval, notes } = bestDocument(asked, { ...answer, isFar: true });
    for (const figure of [timeUs, interval]) expect(figure).toMatchObject({ unknown: 'not tried' });
    expect(notes).toEqual(['predicted by model m1; not timed', 'far']);
  });
  it('calls a shape far beyond the cut-off, and prefers it to the default', async () => {
    const { document } = await ask('gelu', [2 ** 25]);
    expect(document.provenance).toMatchObject({ how: 'nearest shape', shape: '1048576', distance: 5 });
    expect(document.notes.join()).toMatch(/^far: 5\.00 doublings from the nearest tuned shape/);
  });
  it('answers with the default of the compiler without any result', async () => {
    const { answer, question } = await ask('softmax', [64, 64]);
    const { kernel, target } = question;
    expect(answer).toMatchObject({
      how: 'default',
      why: 'there is no result for this kernel on this target',
    });
    expect(answer.configuration).toEqual(target.defaultConfiguration(kernel, target.space(kernel)));
  });
  it.each([
    ['gelu', [3_000_000], 'this shape was not tuned'],
    ['rope', [3, 77, 96], 'there is no result for this kernel on this target'],
  ] as const)('searches a simulated target there and then: %s %j', async (name, shape, why) => {
    const target = await resolveTarget({ kind: 'named', name: 'hexagon-v75' });
    const kernel = libraryKernel(name, shape);
    const question = { kernel, source: 'library', target };
    const answer = await findBest(question, store);
    expect(await findBest(question, store)).toEqual(answer);
    const space = target.space(kernel);
    const { timing } = await target.backend(kernel, space);
    const computed = timing.kind === 'exact' ? timing.computed : undefined;
    if (computed === undefined) throw new Error('a simulator computes its times');
    const truth = Math.min(
      ...Array.from({ length: space.size }, (_, index) => computed(space.at(index)) ?? Number.NaN),
    );
    const asked = { kernel: name, shape: shape.join('x'), dtype: 'f32', target: 'hexagon-v75' };
    const document = bestDocumentSchema.parse(bestDocument(asked, answer));
    expect(document).toMatchObject({ provenance: { how: 'simulated now', from: 'simulator' }, study: null });
    expect(document.notes.join()).toContain(`${why}: this is the best of `);
    expect(document.timeUs).toBeLessThanOrEqual(truth * 1.01);
    expect(knownOr(document.gainOverDefault)?.value).toBeGreaterThan(1);
  });
  it('does not relate shapes of different rank, nor targets', async () => {
    expect((await ask('vector-add', [1048576])).answer.how).toBe('default');
    expect((await ask('gelu', [1048576], 'edge-2mib')).answer.how).toBe('default');
  });
  it('uses no shape of another kernel of the same name', async () => {
    const kernel = { ...libraryKernel('relu', [1048577]), name: 'gelu' };
    const answer = await findBest({ kernel, source: './gelu.ttir', target: await measured() }, store);
    expect(answer.how).toBe('default');
  });
  it('uses a model only if no shape of the kernel was tuned, and says that the time is predicted', async () => {
    const kernel = libraryKernel('softmax', [64, 128]);
    const target = await measured();
    const predicted = {
      configuration: target.space(kernel).at(0),
      timeUs: 5,
      interval: { low: 4, high: 6 },
      model: 'm1',
    };
    const answer = await findBest({ kernel, source: 'library', target }, store, async () => predicted);
    expect(answer).toMatchObject({
      how: 'predicted',
      why: 'there is no result for this kernel on this target',
    });
    const [gelu, far] = [libraryKernel('gelu', [64]), await measured()];
    const nearest = await findBest(
      { kernel: gelu, source: 'library', target: far },
      store,
      async () => predicted,
    );
    expect(nearest).toMatchObject({ how: 'nearest shape', isFar: true, expected: { unknown: 'not tried' } });
  });
});

describe('robust', () => {
  const places = {
    name: 'place',
    kind: 'ordinal',
    tag: 'schedule',
    values: [0, 1, 2],
    description: '',
  } as const;
  const study = { space: { parameters: [places] }, default: { place: 2 } };
  it('has the least worst regret of all configurations with a time at every shape', async () => {
    const target = await resolveTarget({ kind: 'named', name: 'hexagon-v75' });
    const kernels = [65536, 1048576].map((size) => libraryKernel('gelu', [size]));
    const { known, unknown } = await knownShapes(kernels, target, store);
    expect(unknown).toEqual([]);
    const space = target.space(kernels[0]);
    const choice = leastRegret(known, { space, default: target.defaultConfiguration(kernels[0], space) });
    if (choice === null) throw new Error('expected a choice');
    for (const [place, kernel] of kernels.entries()) {
      expect(target.space(kernel).has(choice.configuration)).toBe(true);
      expect(choice.regrets[place].regret).toBeLessThanOrEqual(knownOr(choice.worst) ?? 0);
    }
  });
  it('names the shapes without results', async () => {
    const target = await resolveTarget({ kind: 'named', name: 'hexagon-v75' });
    expect((await knownShapes([libraryKernel('gelu', [512])], target, store)).unknown).toEqual(['512']);
  });
  it('prefers a small loss at every shape to a large loss at one, and of ties what is the default', () => {
    const timed = (...times: readonly number[]) =>
      times.map((timeUs, place) => ({ configuration: { place }, timeUs }));
    const choice = leastRegret(
      [
        { shape: 'a', bestUs: 10, timed: timed(10, 11, 30) },
        { shape: 'b', bestUs: 10, timed: timed(30, 12, 10) },
      ],
      study,
    );
    expect(choice).toMatchObject({ configuration: { place: 1 }, worst: 1.2, considered: 3 });
    const tied = leastRegret([{ shape: 'a', bestUs: 10, timed: timed(10, 11, 10) }], study);
    expect(tied).toMatchObject({ configuration: study.default, worst: 1 });
  });
  it('knows no regret at a shape where nothing else was timed', () => {
    const only = { timed: [{ configuration: { place: 0 }, timeUs: 1 }], bestUs: 1 };
    const choice = leastRegret(
      [
        { shape: 'a', ...only },
        { shape: 'b', ...only },
      ],
      study,
    );
    expect(choice?.worst).toEqual({ unknown: 'not tried', why: 'nothing else was timed at a' });
  });
  it('is null if no configuration has a time at every shape', () => {
    const at = (shape: string, place: number) => ({
      shape,
      bestUs: 1,
      timed: [{ configuration: { place }, timeUs: 1 }],
    });
    expect(leastRegret([at('a', 1), at('b', 2)], study)).toBeNull();
  });
});
