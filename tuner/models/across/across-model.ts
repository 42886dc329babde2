import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { Configuration } from '../../../search-space/parameter.ts';
import type { Prediction } from '../../../store/trial.ts';
import type { Estimate } from '../forest.ts';
import { type AddedSpread, totalSd } from './added-spread.ts';
import type { StudyExamples, StudyFacts } from './examples.ts';
import { type Ensemble, LEARNERS, type Learner, type Lessons } from './learner.ts';
import { networkLearner } from './network-learner.ts';
import { type KnownSubjects, knownSubjectsOf, noveltyOf } from './novelty.ts';
import { stackLearner } from './stack-learner.ts';
import { treesLearner } from './trees-learner.ts';
import {
  encodeConfigurations,
  encodeStudies,
  roughLogTime,
  type Vocabulary,
  vocabularyOf,
} from './vocabulary.ts';

/** A model learned from all studies: ln(time in µs) of a configuration of any kernel on any target. */
export type AcrossModel = Readonly<{
  learner: Learner['name'];
  predict(facts: StudyFacts, configurations: readonly Configuration[]): readonly Prediction[];
  save(): Uint8Array;
}>;

/** The kind under which the store keeps it. */
export const ACROSS = 'across';

/** An ensemble with the names it was fitted to, before its spread is known. */
type FittedEnsemble = Readonly<{
  learner: Learner['name'];
  vocabulary: Vocabulary;
  known: KnownSubjects;
  ensemble: Ensemble;
}>;

export const learners: readonly Learner[] = Object.freeze([treesLearner, networkLearner, stackLearner]);

/** The ensemble learns the differences from the rough time. */
export async function fitEnsemble(
  learner: Learner,
  studies: readonly StudyExamples[],
  seed: number,
): Promise<FittedEnsemble> {
  const vocabulary = vocabularyOf(studies);
  const ensemble = await learner.learn(lessonsOf(vocabulary, studies), seed);
  return { learner: learner.name, vocabulary, known: knownSubjectsOf(studies), ensemble };
}

function lessonsOf(vocabulary: Vocabulary, studies: readonly StudyExamples[]): Lessons {
  const known = Float64Array.from(
    studies.flatMap((study) =>
      study.configurations.map((configuration) => roughLogTime(study, configuration)),
    ),
  );
  const logTimes = studies.flatMap((study) => study.logTimes);
  return {
    features: encodeStudies(vocabulary, studies),
    subjectColumns: vocabulary.kernel.length + vocabulary.target.length,
    targets: known.map((value, row) => logTimes[row] - value),
    known,
    studies: Int32Array.from(studies.flatMap(({ logTimes: own }, place) => own.map(() => place))),
  };
}

/** ln(time in µs), with no other spread than the members' disagreement. */
export function estimateTimes(
  { vocabulary, ensemble }: FittedEnsemble,
  facts: StudyFacts,
  configurations: readonly Configuration[],
): Estimate {
  const { mean, sd } = ensemble.predict(encodeConfigurations(vocabulary, facts, configurations));
  return { mean: mean.map((value, i) => value + roughLogTime(facts, configurations[i])), sd };
}

export function acrossModel(fitted: FittedEnsemble, added: AddedSpread): AcrossModel {
  return {
    learner: fitted.learner,
    predict: (facts, configurations) => {
      const novelty = noveltyOf(fitted.known, facts);
      const { mean, sd } = estimateTimes(fitted, facts, configurations);
      return Array.from(mean, (meanLog, i) => ({
        meanLog,
        sdLog: totalSd(added, { sd: sd[i], ...novelty }),
      }));
    },
    save: () => {
      const { learner, vocabulary, known, ensemble } = fitted;
      return gzipSync(
        JSON.stringify({ learner, vocabulary, known, spread: added, ensemble: ensemble.save() }),
      );
    },
  };
}

const names = z.array(z.string()).readonly();
const subjects = z
  .array(z.object({ name: z.string(), features: z.record(z.string(), z.number()).readonly() }).readonly())
  .readonly();
const saved = z.object({
  learner: z.enum(LEARNERS),
  vocabulary: z.object({ kernel: names, target: names, sizes: names, choices: names }).readonly(),
  known: z.object({ kernels: subjects, targets: subjects }).readonly(),
  spread: z.object({ always: z.number(), newKernel: z.number(), newTarget: z.number() }).readonly(),
  ensemble: z.unknown(),
});

/** Throws where the bytes are not what `save` made. */
export function loadAcrossModel(blob: Uint8Array): AcrossModel {
  const { spread, ensemble, ...rest } = saved.parse(JSON.parse(gunzipSync(blob).toString('utf8')));
  const learner = learners.find(({ name }) => name === rest.learner) ?? treesLearner;
  return acrossModel({ ...rest, ensemble: learner.load(ensemble) }, spread);
}
