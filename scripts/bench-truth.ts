// What a simulated study finds in each subset of mechanisms, and what `best` answers at once, against the enumerated
// truth.
//   npm run bench:truth -- [--studies 20] [--seed 1] [--trials 300] [--largest 60000]
// Kernels, shapes and targets are drawn by the seed. Simulated.
import { parseArgs } from 'node:util';
import { InputError } from '../search-space/input-error.ts';
import { type Random, randomFor } from '../search-space/random.ts';
import { simulatedNow } from '../src/answers/best/simulated-now.ts';
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
import { quantile } from '../tuner/measurement/statistics.ts';

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

async function regretsOf(
  { kernel, shape, target, seed }: Drawn,
  trials: number,
  largest: number,
): Promise<readonly Regret[]> {
  const built = kernel.build(shape, kernel.dtypes[0]);
  const spec = studySpecSchema.parse({
    kernel: { kind: 'named', name: kernel.name },
    shape: formatShape(built.shape),
    target: { kind: 'named', name: target },
    seed,
  });
  const resolved = await resolveStudy(spec);
  const { space } = resolved.study;
  if (space.size > largest) return [];
  const store = await openStore(IN_MEMORY, { mode: 'write', clock: systemClock, writer: { role: 'bench' } });
  const signal = new AbortController().signal;
  await visitResolved(resolved, { trials }, store, { clock: systemClock, signal, listen: () => {} });
  const [comparison] = await store.comparisons(resolved.id);
  await store.close();
  const machine = loadTarget(target);
  const timeOf = (index: number): number => simulateKernel(built, machine, space.at(index)).timeUs;
  const truth = Float64Array.from({ length: space.size }, (_, index) => timeOf(index));
  const found = (comparison?.variants ?? [])
    .map(({ configuration }) => space.indexOf(configuration))
    .filter((index) => index >= 0);
  const study = `${kernel.name} ${formatShape(built.shape)} on ${target}, seed ${seed}`;
  const asked = await simulatedNow({ kernel: built, target: simulatedTarget(machine) }, []);
  const whole = { name: NOW, space };
  const askedIndex = asked === undefined ? -1 : space.indexOf(asked.configuration);
  return [
    { study, subspace: NOW, regret: truth[askedIndex] / bestIn(whole, space, undefined, truth) },
    ...(await subspacesOf(space)).map((part) => ({
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
    },
  });
  const random = randomFor(Number(values.seed), 'bench-truth');
  const regrets: Regret[] = [];
  for (let studies = 0; studies < Number(values.studies); ) {
    const drawn = draw(random);
    const found = await regretsOf(drawn, Number(values.trials), Number(values.largest)).catch(
      (error: unknown) => {
        // Not every kernel allows every extent.
        if (error instanceof InputError) return [];
        throw error;
      },
    );
    if (found.length === 0) continue;
    studies++;
    regrets.push(...found);
    for (const { study, subspace, regret } of found)
      if (regret > 1.01)
        console.log(`${((regret - 1) * 100).toFixed(1).padStart(6)} % ${subspace}: ${study}`);
  }
  summarize(
    'answers to `best` without a study',
    regrets.filter(({ subspace }) => subspace === NOW),
  );
  summarize(
    'subspaces of studies',
    regrets.filter(({ subspace }) => subspace !== NOW),
  );
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
