// What a simulated study finds in each subset of mechanisms, and what `best` answers at once, against the enumerated
// truth.
//   npm run bench:truth -- [--studies 20] [--seed 1] [--trials 300] [--largest 60000]
//   npm run bench:truth -- --search      what a search without polishing tells of its gains, after 15 to 160 trials
//   npm run bench:truth -- --sets        intervals of ten studies beside gains that are tuned again on each parameter set
//   npm run bench:truth -- --clock [--visits 3] [--seconds 10,30,60] [--beside quiet,busy]
// Kernels, shapes and targets are drawn by the seed. Simulated, but for --clock: visits on this machine's WASM engine.
import { parseArgs } from 'node:util';
import { InputError } from '../search-space/input-error.ts';
import { type Random, randomFor } from '../search-space/random.ts';
import { simulatedNow } from '../src/answers/best/simulated-now.ts';
import { countSubspaces } from '../src/ask/count-subspaces.ts';
import { resolveStudy } from '../src/ask/resolve-study.ts';
import { studySpecSchema } from '../src/ask/study-spec.ts';
import { visitResolved } from '../src/ask/visit-resolved.ts';
import type { LibraryKernel } from '../src/kernels/library/_entry.ts';
import { libraryKernels } from '../src/kernels/library.ts';
import { formatShape } from '../src/kernels/shape.ts';
import { listTargets, loadTarget } from '../src/targets/npu/machine/load.ts';
import { simulateKernel } from '../src/targets/npu/simulator/simulate.ts';
import { simulatedTarget } from '../src/targets/npu/target.ts';
import { IN_MEMORY, openStore } from '../store/open-store.ts';
import { type Subspace, subspacesOf } from '../tuner/attribution/subspaces.ts';
import { systemClock } from '../tuner/clock.ts';
import { bootstrap, quantile } from '../tuner/measurement/statistics.ts';
import { benchRetuned } from './bench-truth/retuned-gains.ts';
import { type SearchedGain, searchedGains } from './bench-truth/searched-gains.ts';
import { benchVisits } from './bench-truth/visits.ts';

type Drawn = Readonly<{ kernel: LibraryKernel; shape: readonly number[]; target: string; seed: number }>;

/** The answer to `best` without a study. */
const NOW = 'best, now';

/** How much slower the study's best of a subspace is than the best there is: 1 is the truth. */
type Regret = Readonly<{ study: string; subspace: string; regret: number }>;

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)];
}

/** Extents between a quarter and four times the kernel's own, as odd as they come. */
function draw(random: Random): Drawn {
  const kernel = pick(random, libraryKernels);
  const shape = kernel.defaultShape.map((extent) => Math.max(1, Math.round(extent * 4 ** (random() - 0.75))));
  return { kernel, shape, target: pick(random, listTargets()), seed: Math.floor(random() * 1000) };
}

/** Trials after which a search is asked for its gains. */
const BUDGETS = [15, 25, 40, 60, 100, 160];

/** A drawn study with the times of all its configurations; undefined where there are too many. */
async function enumerated({ kernel, shape, target, seed }: Drawn, largest: number) {
  const built = kernel.build(shape, kernel.dtypes[0]);
  const spec = studySpecSchema.parse({
    kernel: { kind: 'named', name: kernel.name },
    shape: formatShape(built.shape),
    target: { kind: 'named', name: target },
    seed,
  });
  const resolved = await resolveStudy(spec);
  const { space } = resolved.study;
  if (space.size > largest) return undefined;
  const machine = loadTarget(target);
  const timeOf = (index: number): number => simulateKernel(built, machine, space.at(index)).timeUs;
  const truth = Float64Array.from({ length: space.size }, (_, index) => timeOf(index));
  return { built, machine, resolved, space, truth };
}

/** A drawn study's gains after each budget. Those of a study share sides, so they hold or miss together. */
type SearchedStudy = readonly SearchedGain[];

async function searchedOf(drawn: Drawn, largest: number): Promise<readonly SearchedStudy[]> {
  const study = await enumerated(drawn, largest);
  if (study === undefined) return [];
  const { space, resolved, truth } = study;
  return [await searchedGains(resolved, BUDGETS, (part) => bestIn(part, space, undefined, truth))];
}

async function regretsOf(drawn: Drawn, trials: number, largest: number): Promise<readonly Regret[]> {
  const whole = await enumerated(drawn, largest);
  if (whole === undefined) return [];
  const { built, machine, resolved, space, truth } = whole;
  const { kernel, target, seed } = drawn;
  const store = await openStore(IN_MEMORY, { mode: 'write', clock: systemClock, writer: { role: 'bench' } });
  const signal = new AbortController().signal;
  await visitResolved(await countSubspaces(resolved), { trials }, store, {
    clock: systemClock,
    signal,
    listen: () => {},
  });
  const [comparison] = await store.comparisons(resolved.id);
  await store.close();
  const found = (comparison?.variants ?? [])
    .map(({ configuration }) => space.indexOf(configuration))
    .filter((index) => index >= 0);
  const study = `${kernel.name} ${formatShape(built.shape)} on ${target}, seed ${seed}`;
  const asked = await simulatedNow({ kernel: built, target: simulatedTarget(machine) }, [], () => {});
  const now = { name: NOW, space };
  const askedIndex = asked === undefined ? -1 : space.indexOf(asked.configuration);
  return [
    { study, subspace: NOW, regret: truth[askedIndex] / bestIn(now, space, undefined, truth) },
    ...(await subspacesOf(space)).all.map((part) => ({
      study,
      subspace: part.name,
      regret: bestIn(part, space, found, truth) / bestIn(part, space, undefined, truth),
    })),
  ];
}

function bestIn(
  { space: part }: Subspace,
  whole: Subspace['space'],
  among: readonly number[] | undefined,
  times: Float64Array,
): number {
  const members =
    among?.filter((index) => part.has(whole.at(index))) ??
    Array.from({ length: part.size }, (_, index) => whole.indexOfDigits(part.digitsAt(index)));
  return members.reduce((best, index) => Math.min(best, times[index]), Number.POSITIVE_INFINITY);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      studies: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      trials: { type: 'string', default: '300' },
      largest: { type: 'string', default: '60000' },
      search: { type: 'boolean', default: false },
      sets: { type: 'boolean', default: false },
      clock: { type: 'boolean', default: false },
      visits: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '10,30,60' },
      beside: { type: 'string', default: 'quiet,busy' },
    },
  });
  const [studies, seed, largest] = [values.studies, values.seed, values.largest].map(Number);
  if (values.clock) {
    const states = values.beside.split(',').map((state) => state === 'busy');
    await benchVisits(Number(values.visits), values.seconds.split(',').map(Number), states);
  } else if (values.sets) {
    await benchRetuned();
  } else if (values.search) {
    summarizeSearch(await fromDrawn(seed, studies, (drawn) => searchedOf(drawn, largest)));
  } else {
    const trials = Number(values.trials);
    summarizeRegrets(await fromDrawn(seed, studies, (drawn) => regretsOf(drawn, trials, largest)));
  }
}

/** What so many drawn studies give; one that gives nothing is drawn again. */
async function fromDrawn<T>(
  seed: number,
  studies: number,
  of: (drawn: Drawn) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const random = randomFor(seed, 'bench-truth');
  const all: T[] = [];
  for (let done = 0; done < studies; ) {
    const found = await of(draw(random)).catch((error: unknown) => {
      // Not every kernel allows every extent.
      if (error instanceof InputError) return [];
      throw error;
    });
    if (found.length > 0) done++;
    all.push(...found);
  }
  return all;
}

function summarizeRegrets(regrets: readonly Regret[]): void {
  for (const { study, subspace, regret } of regrets)
    if (regret > 1.01) console.log(`${((regret - 1) * 100).toFixed(1).padStart(6)} % ${subspace}: ${study}`);
  summarize(
    'answers to `best` without a study',
    regrets.filter(({ subspace }) => subspace === NOW),
  );
  summarize(
    'subspaces of studies',
    regrets.filter(({ subspace }) => subspace !== NOW),
  );
}

function summarizeSearch(studies: readonly SearchedStudy[]): void {
  const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(0)} %`;
  const shareHeld = (told: readonly SearchedGain[]): number =>
    told.filter(({ held }) => held).length / Math.max(1, told.length);
  for (const budget of BUDGETS) {
    const byStudy = studies.map((gains) => gains.filter(({ trials }) => trials === budget));
    const asked = byStudy.flat();
    const drawnAgain = bootstrap(
      studies.length,
      (places) => shareHeld(places.flatMap((place) => byStudy[place].filter(({ told }) => told))),
      randomFor('bench-truth', budget),
    );
    const range = [drawnAgain.low, drawnAgain.high].map((share) => (100 * share).toFixed(0)).join(' to ');
    const told = asked.filter((each) => each.told);
    const count = (is: (each: SearchedGain) => boolean): string =>
      percent(told.filter(is).length, told.length);
    const widths = told.map(({ width }) => width);
    console.log(
      `${budget} trials: ${percent(told.length, asked.length)} of ${asked.length} gains told; the search's part holds the truth in ${count(({ held }) => held)} (${range} % with the studies drawn again), the value alone in ${count(({ isNear }) => isNear)}; width ${widths.length === 0 ? '–' : quantile(widths, 0.5).toFixed(2)} in the median`,
    );
  }
}

function summarize(what: string, found: readonly Regret[]): void {
  const regrets = found.map(({ regret }) => regret);
  const over = (limit: number): string => {
    const count = regrets.filter((regret) => regret > limit).length;
    return `${count} (${((100 * count) / regrets.length).toFixed(1)} %)`;
  };
  const [median, worst] = [0.5, 1].map((share) => ((quantile(regrets, share) - 1) * 100).toFixed(2));
  console.log(
    `${regrets.length} ${what}: more than 1 % off ${over(1.01)}, 5 % ${over(1.05)}; median ${median} %, worst ${worst} %`,
  );
}

await main();
