import { setImmediate as nextTurn } from 'node:timers/promises';
import type { KernelRecord } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import { type TargetKind, targetKinds } from '../../store/target-kinds.ts';
import {
  type Gain,
  type GainFigure,
  isKnown,
  type OrUnknown,
  type TimeFigure,
  unknown,
} from '../../tuner/attribution/gain.ts';
import { storedReference } from '../documents/findings.ts';
import { scalingFigures } from '../report/story/figures-of.ts';
import { bySubject, scalingsOf } from '../report/story/story.ts';
import { gainOverDefault, outcomeOf, type StudyOutcome } from '../report/story/study-story.ts';
import { scalingTitle } from '../report/story/words.ts';
import { inlineSvg } from '../report/svg/figure.ts';
import { askedWords, studyName } from '../report/words/study-name.ts';

/** A study's gain from double buffering, with its kernel's arithmetic operations per byte moved. */
export type BufferingPoint = Readonly<{
  study: string;
  kernel: string;
  target: string;
  name: string;
  opsPerByte: number;
  forced: Gain;
}>;

/** A study of the kernel. Times in µs, of the final comparison. */
export type KernelStudy = Readonly<{
  id: string;
  shape: string;
  dtype: string;
  target: string;
  from: TargetKind;
  seed: number;
  strategy: string;
  /** As `askedWords` tells it. */
  asked: string;
  trials: number;
  defaultUs: TimeFigure;
  bestUs: TimeFigure;
  gainOverDefault: GainFigure;
}>;

/** The content of a kernel's page: its studies, gains over size, and over arithmetic intensity. */
export type KernelPage = Readonly<{
  kernel: string;
  studies: readonly KernelStudy[];
  scalings: readonly Readonly<{
    title: string;
    mechanism: string;
    breakEven: OrUnknown<number>;
    svg: string | null;
  }>[];
  /** Points of all kernels on this kernel's targets: one kernel has nearly the same intensity at all sizes. */
  buffering: readonly BufferingPoint[];
}>;

/** Reads findings only: there may be many studies, and their trials are not needed. */
export async function kernelPage(kernel: string, store: Store): Promise<KernelPage> {
  const summaries = await store.studies();
  // Other kernels of the same name are different computations with their own pages.
  const targets = new Set(
    summaries.filter((each) => each.kernel.name === kernel).map(({ target }) => target.name),
  );
  const outcomes: StudyOutcome[] = [];
  for (const summary of summaries)
    if (targets.has(summary.target.name)) {
      outcomes.push(await outcomeOf(summary, store));
      await nextTurn();
    }
  const own = outcomes.filter((each) => each.kernel.name === kernel).sort(bySubject);
  const scalings = scalingsOf(own);
  const figures = scalingFigures({ scalings });
  return {
    kernel,
    studies: own.map(kernelStudy),
    scalings: scalings.map((document, place) => {
      const { from, mechanism, breakEven } = document;
      const drawn = figures[place];
      const times = from === null ? '' : ` (${targetKinds[from].label})`;
      return {
        title: `${mechanism.toUpperCase()}: ${scalingTitle(document, scalings)}${times}`,
        mechanism,
        breakEven,
        svg: drawn === undefined ? null : inlineSvg(drawn),
      };
    }),
    buffering: bufferingPoints(outcomes, await store.kernels()),
  };
}

const NOT_COMPARED = unknown('not tried', 'no comparison gave it a time');

function kernelStudy(outcome: StudyOutcome): KernelStudy {
  const { study, kernel, target, settled, findings } = outcome;
  return {
    id: study.id,
    shape: kernel.shape,
    dtype: kernel.dtype,
    target: target.name,
    from: target.kind,
    seed: study.seed,
    strategy: study.strategy,
    asked: askedWords(storedReference(outcome)),
    trials: settled,
    defaultUs: findings?.default?.timeUs ?? NOT_COMPARED,
    bestUs: findings?.best?.timeUs ?? NOT_COMPARED,
    gainOverDefault: gainOverDefault(outcome),
  };
}

function bufferingPoints(
  outcomes: readonly StudyOutcome[],
  kernels: readonly KernelRecord[],
): readonly BufferingPoint[] {
  const features = new Map(kernels.map((record) => [record.hash, record.features]));
  return outcomes.flatMap((outcome) => {
    const { study, kernel, target, findings } = outcome;
    const opsPerByte = ratioOf(features.get(kernel.hash) ?? {});
    const forced = findings?.gains.db?.forced;
    if (!isKnown(forced) || opsPerByte === undefined) return [];
    const name = studyName(storedReference(outcome));
    return [{ study: study.id, kernel: kernel.name, target: target.name, name, opsPerByte, forced }];
  });
}

/** Arithmetic operations for each byte moved, from the kernel's features. */
function ratioOf(features: Readonly<Record<string, number>>): number | undefined {
  const { log2Intensity } = features;
  return log2Intensity === undefined ? undefined : 2 ** log2Intensity;
}
