import { type Configuration, configurationKey, type Mechanism } from '../../search-space/parameter.ts';
import { subsetName } from '../../search-space/restriction.ts';
import type { SettledTrial } from '../../store/trial.ts';
import { NO_CONFIGURATION } from './absence.ts';
import { type Unknown, unknown } from './gain.ts';
import type { Subspace } from './subspaces.ts';

/** One side of a gain: members of a subspace, without those of smaller ones, with the trials that lie there. */
export type GainSide = Readonly<{
  /** Times of its trials in their order, microseconds. */
  times: readonly number[];
  failed: number;
  disturbed: number;
  /** Members, tried or not. */
  size: number;
}>;

/** Fewer trials of a side say too little about what it can do. */
export const FEWEST_TRIALS = 5;

/** What scatter of a screened time hardly explains. */
const CLEARLY = 1.1;

/** What the search has looked at: the trials of a study, by subspace. */
export class Searched {
  readonly #spaces: ReadonlyMap<string, Subspace['space']>;
  readonly #log: readonly SettledTrial[];
  readonly #members = new Map<string, readonly boolean[]>();
  /** Whether each subspace's best was improved by computing all around it, so that its search has missed nothing. */
  readonly isPolished: boolean;

  constructor(subspaces: readonly Subspace[], log: readonly SettledTrial[], isPolished: boolean) {
    this.#spaces = new Map(subspaces.map(({ name, space }) => [name, space]));
    this.#log = log;
    this.isPolished = isPolished;
  }

  has(subspace: string): boolean {
    return this.#spaces.has(subspace);
  }

  /** What lies in `within`, and not in its part `beyond`. A subspace that the space lacks is empty. */
  side(within: string, beyond?: string): GainSide {
    const size = this.#sizeOf(within) - (beyond === undefined ? 0 : this.#sizeOf(beyond));
    return this.#sideOf(within, beyond === undefined ? [] : [beyond], size);
  }

  /** What has exactly these mechanisms on. */
  withExactly(mechanisms: readonly Mechanism[]): GainSide {
    const fewer = mechanisms.map((left) => mechanisms.filter((other) => other !== left));
    return this.#sideOf(
      subsetName(new Set(mechanisms)),
      fewer.map((some) => subsetName(new Set(some))),
      this.#sizeWithExactly(mechanisms),
    );
  }

  /** Whether those of a subspace's trials that met in a comparison are all clearly slower than its fastest. */
  hasMissed(subspace: string, met: ReadonlySet<string>): boolean {
    const space = this.#spaces.get(subspace);
    if (space === undefined || this.isPolished) return false;
    const members = this.#membersOf(subspace);
    let [fastest, fastestMet] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (const [at, trial] of this.#log.entries()) {
      if (trial.state !== 'timed' || !members[at]) continue;
      fastest = Math.min(fastest, trial.timeUs);
      const isMet = met.has(configurationKey(space.parameters, trial.configuration));
      if (isMet) fastestMet = Math.min(fastestMet, trial.timeUs);
    }
    return fastest * CLEARLY < fastestMet;
  }

  #sizeWithExactly(mechanisms: readonly Mechanism[]): number {
    let size = this.#sizeOf(subsetName(new Set(mechanisms)));
    for (let bits = 0; bits < (1 << mechanisms.length) - 1; bits++)
      size -= this.#sizeWithExactly(mechanisms.filter((_, place) => (bits >> place) & 1));
    return size;
  }

  #sideOf(within: string, beyond: readonly string[], size: number): GainSide {
    const members = this.#membersOf(within);
    const others = beyond.map((name) => this.#membersOf(name));
    const inside = this.#log.filter((_, at) => members[at] && !others.some((other) => other[at]));
    const invalid = inside.flatMap((trial) => (trial.state === 'invalid' ? trial.reason : []));
    const disturbed = invalid.filter((reason) => reason === 'disturbed').length;
    return {
      times: inside.flatMap((trial) => (trial.state === 'timed' ? trial.timeUs : [])),
      failed: invalid.length - disturbed,
      disturbed,
      size,
    };
  }

  #sizeOf(name: string): number {
    return this.#spaces.get(name)?.size ?? 0;
  }

  #membersOf(name: string): readonly boolean[] {
    const known = this.#members.get(name);
    if (known !== undefined) return known;
    const space = this.#spaces.get(name);
    const isIn = (configuration: Configuration): boolean => space?.has(configuration) ?? false;
    const members = this.#log.map(({ configuration }) => isIn(configuration));
    this.#members.set(name, members);
    return members;
  }
}

/** Why a gain of the second side over the first is not known; undefined where it is. `sides` names them in words. */
export function whyUnknown(
  first: GainSide,
  second: GainSide,
  [one, other]: readonly [string, string] = ['without it', 'with it'],
): Unknown | undefined {
  const why = `${trialsOf(first)} ${one}, ${trialsOf(second)} ${other}`;
  for (const side of [first, second]) {
    if (side.size === 0) return NO_CONFIGURATION;
    if (side.times.length === 0) return untimed(side, why);
  }
  return [first, second].every(isEnough) ? undefined : unknown('searched too little', why);
}

/** Why a side without a timed trial has no time. */
export function untimed(side: GainSide, why: string = trialsOf(side)): Unknown {
  if (side.disturbed > 0) return unknown('disturbed', why);
  return unknown(side.failed > 0 ? 'failed' : 'not tried', why);
}

/** Whether the trials of a side are enough to say how good it is, or all that there are. */
export function isEnough({ times, failed, size }: GainSide): boolean {
  return times.length >= FEWEST_TRIALS || times.length + failed >= size;
}

function trialsOf({ times, failed, disturbed }: GainSide): string {
  const notes = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(disturbed > 0 ? [`${disturbed} disturbed`] : []),
  ];
  const count = times.length + failed + disturbed;
  return `${count} ${count === 1 ? 'trial' : 'trials'}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`;
}

/** One standard error held the truth in 72 to 93 % of the cases, which was too seldom. */
const ERRORS = 1.5;

/**
 * How much better the best of a side may still be, as a logarithm: what the second half of its trials gained, as
 * another such half would, and one and a half standard errors of the mean of its logarithms, because times that scatter
 * leave more to be found. Chosen on simulated spaces whose truth was enumerated; `npm run bench:truth -- --search` repeats the
 * check. Zero where the side was tried whole.
 */
export function roomOf({ times, failed, size }: GainSide): number {
  const count = times.length;
  if (count === 0 || count + failed >= size) return 0;
  const logs = times.map(Math.log);
  const mean = logs.reduce((sum, log) => sum + log, 0) / count;
  const squares = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0);
  const error = count === 1 ? 0 : Math.sqrt(squares / (count - 1) / count);
  const half = count === 1 ? logs : logs.slice(0, Math.floor(count / 2));
  return Math.min(...half) - Math.min(...logs) + ERRORS * error;
}

/**
 * The factors by which a gain of `second` over `first` may still fall, as the first side gets better, and rise, as the
 * second does. `contains` where the second side's best is never slower than the first's: it may do the same.
 */
export function searchFactors(
  first: GainSide,
  second: GainSide,
  contains: boolean,
): Readonly<{ low: number; high: number }> {
  const [before, after] = [first, second].map(({ times }) => Math.min(...times));
  const gain = (one: number, other: number): number => one / (contains ? Math.min(one, other) : other);
  const now = gain(before, after);
  return {
    low: gain(before * Math.exp(-roomOf(first)), after) / now,
    high: gain(before, after * Math.exp(-roomOf(second))) / now,
  };
}
