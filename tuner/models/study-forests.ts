import { randomFor } from '../../search-space/random.ts';
import { type CodedColumns, codedColumns } from './coded-columns.ts';
import type { Encoding } from './encoding.ts';
import { type Forest, growTrees } from './forest.ts';
import type { Tree } from './splitter.ts';
import { slowLimit, type TrainingSet, thinned, timedPlaces } from './training-set.ts';
import type { Trend } from './trend.ts';

/** What one model of a study is fitted to. */
export type FitSample = Readonly<{ trials: TrainingSet; trend: Trend }>;

/** Of the times, and of which members run; undefined while all do. */
export type Forests = Readonly<{ times: Forest; validity: Forest | undefined }>;

/** Times that each tree is grown from, so that a model costs the same in a long study. */
const FOREST_ROWS = 200;

/** Each model grows the trees of one of so many groups anew … */
const GROUPS = 4;
const GROUP = { trees: 5, tries: 16 } as const;

/** … and grows those of the others on along their splits, unless the log has grown by more than this share since. */
const OLDEST = 0.12;

type Sample = Readonly<{ columns: CodedColumns; targets: Float64Array }>;
type Kind = Readonly<{ name: string; sampleOf: (fit: FitSample) => Sample }>;

/**
 * The forests of one study's models. A forest follows from the trials of its own model and of the few before it,
 * so that a resumed study grows the same.
 */
export class StudyForests {
  readonly #seed: number;
  readonly #keepsTrees: boolean;
  readonly #times: Kind;
  readonly #validity: Kind;
  /** The groups that were grown anew, by kind and group. */
  readonly #grown = new Map<string, Readonly<{ number: number; trees: readonly Tree[] }>>();

  /** `keepsTrees`: not where a model is the only one of its forests. */
  constructor({ encode }: Encoding, seed: number, keepsTrees: boolean) {
    this.#keepsTrees = keepsTrees;
    this.#seed = seed;
    this.#times = { name: 'times', sampleOf: (fit) => timesOf(fit, encode) };
    this.#validity = { name: 'validity', sampleOf: (fit) => validityOf(fit, encode) };
  }

  /** Those of the model of this number, from 0; `fitAt` tells what that one and an earlier one were fitted to. */
  at(number: number, fitAt: (number: number) => FitSample): Forests {
    const { trials } = fitAt(number);
    const times = this.#forest(this.#times, number, fitAt);
    const allRun = trials.logTimes.every(Number.isFinite);
    return { times, validity: allRun ? undefined : this.#forest(this.#validity, number, fitAt) };
  }

  #forest(kind: Kind, number: number, fitAt: (number: number) => FitSample): Forest {
    const sample = kind.sampleOf(fitAt(number));
    const lengthAt = (of: number): number => fitAt(of).trials.members.length;
    const trees = Array.from({ length: GROUPS }, (_, group) => {
      const start = this.#keepsTrees ? startOf(number, group, lengthAt) : number;
      const along = this.#groupOf(
        kind,
        group,
        start,
        start === number ? () => sample : () => kind.sampleOf(fitAt(start)),
      );
      if (start === number) return along;
      const random = randomFor(this.#seed, kind.name, 'on', group, number);
      return growTrees(sample.columns, sample.targets, { ...GROUP, random }, along);
    });
    return { trees: trees.flat(), columns: sample.columns.codes.length };
  }

  #groupOf(kind: Kind, group: number, number: number, sampleOf: () => Sample): readonly Tree[] {
    const key = `${kind.name} ${group}`;
    const known = this.#grown.get(key);
    if (known?.number === number) return known.trees;
    const { columns, targets } = sampleOf();
    const random = randomFor(this.#seed, kind.name, group, number);
    const trees = growTrees(columns, targets, { ...GROUP, random });
    this.#grown.set(key, { number, trees });
    return trees;
  }
}

/** The model at which a group was last grown anew. */
function startOf(number: number, group: number, lengthAt: (number: number) => number): number {
  const start = number - ((number - group + GROUPS) % GROUPS);
  return start < 0 || lengthAt(start) < (1 - OLDEST) * lengthAt(number) ? number : start;
}

function timesOf({ trials, trend }: FitSample, encode: Encoding['encode']): Sample {
  const ranked = timedPlaces(trials);
  const slow = slowLimit(trials, ranked);
  const kept = thinned(ranked, FOREST_ROWS);
  const members = kept.map((place) => trials.members[place]);
  const expected = trend(members);
  const targets = Float64Array.from(kept, (place, i) => Math.min(slow, trials.logTimes[place]) - expected[i]);
  return { columns: codedColumns(encode(members)), targets };
}

function validityOf({ trials }: FitSample, encode: Encoding['encode']): Sample {
  const targets = trials.logTimes.map((time) => (Number.isFinite(time) ? 1 : 0));
  return { columns: codedColumns(encode(trials.members)), targets };
}
