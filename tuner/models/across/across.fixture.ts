import type { Configuration } from '../../../search-space/parameter.ts';
import type { StudyExamples, StudyFacts } from './examples.ts';

/** Times by a formula of kernel, target and configuration, for tests with known results. */
export function logTimeOf(
  { kernelFeatures, targetFeatures }: StudyFacts,
  configuration: Configuration,
): number {
  const threads = Math.min(Number(configuration.threads), targetFeatures.contexts);
  const work = 2 ** kernelFeatures.log2Ops / 1000;
  const penalty = configuration.split === 'chunks' ? 1.3 : 1;
  return Math.log(
    work / threads + 20 * threads * penalty + Math.abs(Math.log2(Number(configuration.tile)) - 6),
  );
}

const all: readonly Configuration[] = [1, 2, 4, 8].flatMap((threads) =>
  [16, 32, 64, 128, 256].flatMap((tile) => ['tiles', 'chunks'].map((split) => ({ threads, tile, split }))),
);

export function examplesOf(kernel: string, target: string, log2Ops: number, contexts: number): StudyExamples {
  const facts: StudyFacts = {
    kernel,
    target,
    kernelFeatures: { log2Ops, 'share.exp': kernel.length / 10 },
    targetFeatures: { contexts },
  };
  const logTimes = all.map((configuration) => logTimeOf(facts, configuration));
  return { ...facts, study: `${kernel} ${log2Ops} ${target}`, configurations: all, logTimes };
}

export const STUDIES: readonly StudyExamples[] = ['a', 'bb', 'ccc', 'dddd'].flatMap((kernel) =>
  [18, 20, 22].flatMap((size) => [
    examplesOf(kernel, 'small', size, 4),
    examplesOf(kernel, 'large', size, 8),
  ]),
);
