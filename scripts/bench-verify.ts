import { normal, type Random, randomFor } from '../search-space/random.ts';
import type { WinnerVerdict } from '../store/verification.ts';
import { median } from '../tuner/measurement/statistics.ts';
import { falseClaimsAt, PairTest } from '../tuner/verification/pair-test.ts';

/**
 * How often `verify` claims falsely, over simulated searches of configurations that all take the same time, and how
 * many timings a true gain takes. `node dist/scripts/bench-verify.js [searches, 10000] [pairs at most, 500]`.
 */
const [searches = 10_000, mostPairs = 500] = process.argv.slice(2).map(Number);
const CANDIDATES = 40;
const PROOFS = 2000;
const LEVELS = [3, 7, 10, 13, 50, 8000];

type Noise = (random: Random) => number;
const NOISES: Readonly<Record<string, Noise>> = {
  normal,
  'heavy tails (t, 1 degree)': (random) => normal(random) / Math.abs(normal(random)),
  'skewed (exponential)': (random) => -Math.log(1 - random()),
  'spikes in a tenth': (random) => (random() < 0.9 ? 0.1 : 5) * random(),
};

/** `level`: on a clock of whole units, of which the default takes so many. */
type Case = Readonly<{ gain: number; scatter: number; by: number; noise: Noise; level?: number }>;
type Outcome = Readonly<{ verdict: WinnerVerdict; timings: number }>;

function outcome({ gain, scatter, by, noise, level }: Case, random: Random): Outcome {
  const shown = (time: number): number =>
    level === undefined ? time : Math.max(1, Math.round(level * time));
  const test = new PairTest(by, falseClaimsAt(0));
  for (let pairs = 1; pairs <= mostPairs; pairs++) {
    const winnerUs = shown(Math.exp(scatter * noise(random)));
    test.add([winnerUs, shown((1 + gain) * Math.exp(scatter * noise(random)))]);
    if (test.verdict !== 'unknown') return { verdict: test.verdict, timings: 2 * pairs };
  }
  return { verdict: 'unknown', timings: Number.POSITIVE_INFINITY };
}

/** The luck of the best of some configurations that are all the same: how far noise alone puts it before the default. */
function luckOf(noise: Noise, scatter: number, random: Random): number {
  const seen = Array.from({ length: CANDIDATES }, () => Math.exp(scatter * noise(random)));
  return 1 / Math.min(...seen);
}

function share(outcomes: readonly Outcome[], wanted: WinnerVerdict): string {
  const found = outcomes.filter(({ verdict }) => verdict === wanted).length;
  return `${found} of ${outcomes.length} (${((100 * found) / outcomes.length).toFixed(2)} %)`;
}

console.log(`False claims in ${searches} searches, verified with at most ${mostPairs} pairs, scatter 5 %:`);
for (const [name, noise] of Object.entries(NOISES)) {
  const lucks: number[] = [];
  const outcomes = Array.from({ length: searches }, (_, search) => {
    const random = randomFor('search', name, search);
    lucks.push(luckOf(noise, 0.05, random));
    return outcome({ gain: 0, scatter: 0.05, by: 0, noise }, random);
  });
  const luck = `the search itself saw ${median(lucks).toFixed(2)}×`;
  console.log(
    `  ${name}: faster ${share(outcomes, 'faster')}, not faster ${share(outcomes, 'not faster')}; ${luck}`,
  );
}

const exactly = Array.from({ length: searches }, (_, n) =>
  outcome({ gain: 0.02, scatter: 0.05, by: 0.02, noise: normal }, randomFor('exactly', n)),
);
console.log(`A gain of exactly 2 % with --by 2%: faster ${share(exactly, 'faster')}`);

console.log(
  'Normal noise on a clock of whole units, without a gain, and a gain of exactly 2 % with --by 2%:',
);
for (const level of LEVELS) {
  const of = (share: number): readonly Outcome[] =>
    Array.from({ length: searches }, (_, n) =>
      outcome(
        { gain: share, scatter: 0.05, by: share, noise: normal, level },
        randomFor('coarse', level, share, n),
      ),
    );
  const [none, two] = [of(0), of(0.02)];
  console.log(
    `  ${level} units: faster ${share(none, 'faster')}, not faster ${share(none, 'not faster')}; with --by faster ${share(two, 'faster')}, not faster ${share(two, 'not faster')}`,
  );
}

console.log(`Timings until a gain is proven with --by 0, the median of ${PROOFS}:`);
for (const [gain, scatter] of [
  [0.02, 0.01],
  [0.05, 0.05],
  [0.02, 0.05],
]) {
  const proofs = Array.from({ length: PROOFS }, (_, n) =>
    outcome({ gain, scatter, by: 0, noise: normal }, randomFor('proof', gain, scatter, n)),
  );
  const timings = median(proofs.map((each) => each.timings));
  console.log(`  ${100 * gain} % at ${100 * scatter} % of scatter: ${timings}`);
}
