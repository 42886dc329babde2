import { describe, expect, it } from 'vitest';
import type { Matrix } from '../_base.ts';
import { figuresOf } from '../figures.ts';
import { examplesOf, STUDIES } from './across.fixture.ts';
import { acrossModel, estimateTimes, fitEnsemble, learners, loadAcrossModel } from './across-model.ts';
import { addedSpreadFrom, type HeldOutTrial, totalSd } from './added-spread.ts';
import { noveltyOf } from './novelty.ts';
import { heldOutFigures, trainBest } from './train.ts';
import { trainApart } from './train-apart.ts';
import { treesLearner } from './trees-learner.ts';

const SPREAD = { always: 0.1, newKernel: 0.3, newTarget: 0.2 };
/** Of one kernel at two sizes. */
const FEW = STUDIES.slice(0, 4);
const unseen = examplesOf('bb', 'small', 21, 4);

for (const learner of learners) {
  describe(`${learner.name} across studies`, () => {
    it('ranks the configurations of a held-out shape', async () => {
      const fitted = await fitEnsemble(learner, STUDIES.slice(0, 12), 1);
      const { mean } = estimateTimes(fitted, unseen, unseen.configurations);
      const predictions = Array.from(mean, (meanLog) => ({ meanLog, sdLog: 1 }));
      expect(figuresOf(predictions, unseen.logTimes).rank).toBeGreaterThan(0.9);
    });

    const fits = [1, 1, 2].map((seed) => fitEnsemble(learner, FEW, seed));

    it('is the same for the same seed, and different for another', async () => {
      const [first, again, other] = (await Promise.all(fits)).map(({ ensemble }) =>
        JSON.stringify(ensemble.save()),
      );
      expect(again).toBe(first);
      expect(other).not.toBe(first);
    });

    it('predicts the same after it was saved and loaded', async () => {
      const model = acrossModel(await fits[0], SPREAD);
      const loaded = loadAcrossModel(model.save());
      expect(loaded.learner).toBe(learner.name);
      const asked = unseen.configurations.slice(0, 5);
      expect(loaded.predict(unseen, asked)).toEqual(model.predict(unseen, asked));
    });
  });
}

describe('training', () => {
  it('chooses the learner with the smaller error on held-out studies, kernels and targets', async () => {
    const blind = {
      ...treesLearner,
      name: 'network',
      learn: async () => ({
        predict: ({ rows }: Matrix) => ({
          mean: new Float64Array(rows),
          sd: new Float64Array(rows),
        }),
        save: () => null,
      }),
    } as const;
    const { model, heldOut } = await trainBest([blind, treesLearner], STUDIES, 1);
    expect(model.learner).toBe('trees');
    expect(heldOutFigures(heldOut, 'study')?.rank).toBeGreaterThan(0.9);
    expect(new Set(heldOut.map(({ split }) => split))).toEqual(new Set(['study', 'kernel', 'target']));
    const [known] = model.predict(unseen, unseen.configurations);
    const [unknown] = model.predict(
      { ...unseen, kernelFeatures: { log2Ops: 21, 'share.exp': 5 } },
      unseen.configurations,
    );
    expect(unknown.sdLog).toBeGreaterThan(known.sdLog);
  });

  it('happens in a thread of its own, and can be stopped', async () => {
    const order = { studies: FEW, seed: 1 };
    let beats = 0;
    const heart = setInterval(() => beats++, 5);
    const { blob, heldOut } = await trainApart(order, new AbortController().signal);
    clearInterval(heart);
    expect(beats).toBeGreaterThan(10);
    expect(loadAcrossModel(blob).predict(unseen, unseen.configurations)).toHaveLength(40);
    expect(heldOut.length).toBeGreaterThan(0);
    const abort = new AbortController();
    const stopped = trainApart(order, abort.signal);
    abort.abort();
    await expect(stopped).rejects.toThrow('before it was done');
  });
});

describe('the spread', () => {
  it('covers 90 % of the held-out times in each split', () => {
    const trials = (scale: number, kernel: number): HeldOutTrial[] =>
      Array.from({ length: 1000 }, (_, i) => ({
        error: (scale * (i - 500)) / 500,
        sd: 0.01,
        kernel,
        target: 0,
      }));
    const study = { kernel: 'k', target: 't', figures: { rank: 1, error: 0, regret: 0, inside: 1 } };
    const spread = addedSpreadFrom([
      { ...study, split: 'study', trials: trials(0.2, 0) },
      { ...study, split: 'kernel', trials: trials(1, 1) },
    ]);
    const inside = (all: readonly HeldOutTrial[]) =>
      all.filter((trial) => Math.abs(trial.error) <= 1.645 * totalSd(spread, trial)).length / all.length;
    expect(inside(trials(0.2, 0))).toBeCloseTo(0.9, 2);
    expect(inside(trials(1, 1))).toBeCloseTo(0.9, 2);
    expect(spread.newTarget).toBe(1);
  });

  it('has a novelty of 0 for a known kernel at another shape, and more for other operations', () => {
    const known = {
      kernels: [
        { name: 'a', features: { 'share.exp': 0.1 } },
        { name: 'b', features: { 'share.exp': 0.5 } },
      ],
      targets: [{ name: 't', features: {} }],
    };
    const of = (share: number) => ({
      kernel: 'new',
      target: 't',
      kernelFeatures: { log2Ops: 30, 'share.exp': share },
      targetFeatures: {},
    });
    expect(noveltyOf(known, of(0.1))).toEqual({ kernel: 0, target: 0 });
    expect(noveltyOf(known, of(0.3)).kernel).toBeCloseTo(0.5);
    expect(noveltyOf(known, of(2)).kernel).toBe(1);
  });
});
