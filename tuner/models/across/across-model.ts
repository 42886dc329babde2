import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { Configuration } from '../../../search-space/parameter.ts';
import type { Prediction } from '../../../store/trial.ts';
import type { Estimate } from '../forest.ts';
import type { StudyExamples, StudyFacts } from './examples.ts';
import type { Ensemble, Learner } from './learner.ts';
import { networkLearner } from './network-learner.ts';
import { type Acquaintances, acquaintancesOf, noveltyOf } from './novelty.ts';
import { type Spread, sdWithin } from './spread.ts';
import { treesLearner } from './trees-learner.ts';
import { encode, encodeAll, roughLogTime, type Vocabulary, vocabularyOf } from './vocabulary.ts';

/** What is learned of all studies: ln(time in µs) of a configuration of any kernel on any target. */
export type AcrossModel = Readonly<{
  learner: Learner['name'];
  predict(facts: StudyFacts, configurations: readonly Configuration[]): readonly Prediction[];
  save(): Uint8Array;
}>;

/** The kind under which a store keeps it. */
export const ACROSS = 'across';

/** The ensemble with the words it was taught in, before its spread is known. */
export type Taught = Readonly<{
  learner: Learner['name'];
  vocabulary: Vocabulary;
  known: Acquaintances;
  ensemble: Ensemble;
}>;

export const learners: readonly Learner[] = Object.freeze([treesLearner, networkLearner]);

/** The ensemble learns what the rough time leaves. */
export async function teach(
  learner: Learner,
  studies: readonly StudyExamples[],
  seed: number,
): Promise<Taught> {
  const vocabulary = vocabularyOf(studies);
  const targets = Float64Array.from(
    studies.flatMap((study) =>
      study.configurations.map((configuration, i) => study.logTimes[i] - roughLogTime(study, configuration)),
    ),
  );
  const ensemble = await learner.learn(encodeAll(vocabulary, studies), targets, seed);
  return { learner: learner.name, vocabulary, known: acquaintancesOf(studies), ensemble };
}

/** ln(time in µs), with the members' disagreement alone. */
export function estimate(
  { vocabulary, ensemble }: Taught,
  facts: StudyFacts,
  configurations: readonly Configuration[],
): Estimate {
  const { mean, sd } = ensemble.predict(encode(vocabulary, facts, configurations));
  return { mean: mean.map((value, i) => value + roughLogTime(facts, configurations[i])), sd };
}

export function acrossModel(taught: Taught, spread: Spread): AcrossModel {
  return {
    learner: taught.learner,
    predict: (facts, configurations) => {
      const novelty = noveltyOf(taught.known, facts);
      const { mean, sd } = estimate(taught, facts, configurations);
      return Array.from(mean, (meanLog, i) => ({
        meanLog,
        sdLog: sdWithin(spread, { sd: sd[i], ...novelty }),
      }));
    },
    save: () => {
      const { learner, vocabulary, known, ensemble } = taught;
      return gzipSync(JSON.stringify({ learner, vocabulary, known, spread, ensemble: ensemble.save() }));
    },
  };
}

const names = z.array(z.string()).readonly();
const acquaintances = z
  .array(z.object({ name: z.string(), features: z.record(z.string(), z.number()).readonly() }).readonly())
  .readonly();
const saved = z.object({
  learner: z.enum(['trees', 'network']),
  vocabulary: z.object({ kernel: names, target: names, sizes: names, choices: names }).readonly(),
  known: z.object({ kernels: acquaintances, targets: acquaintances }).readonly(),
  spread: z.object({ always: z.number(), newKernel: z.number(), newTarget: z.number() }).readonly(),
  ensemble: z.unknown(),
});

/** Throws where the bytes are not what `save` made. */
export function loadAcrossModel(blob: Uint8Array): AcrossModel {
  const { spread, ensemble, ...rest } = saved.parse(JSON.parse(gunzipSync(blob).toString('utf8')));
  const learner = rest.learner === 'trees' ? treesLearner : networkLearner;
  return acrossModel({ ...rest, ensemble: learner.load(ensemble) }, spread);
}
