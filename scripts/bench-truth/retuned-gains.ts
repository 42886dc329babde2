import { MECHANISMS } from '../../search-space/parameter.ts';
import { subsetName } from '../../search-space/restriction.ts';
import { countSubspaces } from '../../src/ask/count-subspaces.ts';
import { resolveStudy } from '../../src/ask/resolve-study.ts';
import { studySpecSchema } from '../../src/ask/study-spec.ts';
import { visitResolved } from '../../src/ask/visit-resolved.ts';
import { libraryKernel } from '../../src/kernels/library.ts';
import { parseShape } from '../../src/kernels/shape.ts';
import { loadTarget } from '../../src/targets/npu/machine/load.ts';
import { parameterSets } from '../../src/targets/npu/machine/parameter-sets.ts';
import { simulateKernel } from '../../src/targets/npu/simulator/simulate.ts';
import { IN_MEMORY, openStore } from '../../store/open-store.ts';
import { isKnown } from '../../tuner/attribution/gain.ts';
import { allBut, forcedName, type Subspace, subspacesOf } from '../../tuner/attribution/subspaces.ts';
import { systemClock } from '../../tuner/clock.ts';

const STUDIES = [
  ['vector-add', '65536', 'hexagon-mlir'],
  ['vector-add', '64x16384', 'hexagon-mlir'],
  ['gelu', '1048576', 'hexagon-mlir'],
  ['gelu', '32768', 'hexagon-mlir'],
  ['softmax', '256x512', 'hexagon-mlir'],
  ['rms-norm', '256x1024', 'hexagon-mlir'],
  ['vector-add', '64x16384', 'hexagon-v75'],
  ['gelu', '65536', 'hexagon-v75'],
  ['softmax', '256x512', 'hexagon-v75'],
  ['rms-norm', '256x1024', 'hexagon-v75'],
] as const;

/** The gains of ten simulated studies, tuned again on every parameter set by listing all, beside the intervals told. */
export async function benchRetuned(): Promise<void> {
  const all = { gains: 0, whole: 0, sets: 0, held: 0 };
  for (const [kernel, shape, target] of STUDIES) {
    const began = performance.now();
    const found = await retuned(kernel, shape, target);
    console.log(
      `${kernel} ${shape} on ${target}: ${found.whole} of ${found.gains} intervals hold every set, ${found.held} of ${found.sets} gains are held; tuned in ${found.visitMs.toFixed(0)} ms, ${found.variants} variants, listed in ${((performance.now() - began) / 1000).toFixed(0)} s`,
    );
    for (const line of found.misses) console.log(`  ${line}`);
    for (const key of ['gains', 'whole', 'sets', 'held'] as const) all[key] += found[key];
  }
  const share = (100 * all.held) / all.sets;
  console.log(
    `${all.whole} of ${all.gains} intervals hold the gain of every parameter set, and ${share.toFixed(1)} % of all gains are held`,
  );
}

/** One study: how many intervals hold the gain of every set, and how many of these gains all intervals hold. */
export async function retuned(name: string, shape: string, target: string) {
  const spec = studySpecSchema.parse({
    kernel: { kind: 'named', name },
    shape,
    target: { kind: 'named', name: target },
  });
  const resolved = await resolveStudy(spec);
  const { space } = resolved.study;
  const store = await openStore(IN_MEMORY, { mode: 'write', clock: systemClock, writer: { role: 'bench' } });
  const signal = new AbortController().signal;
  const surroundings = { clock: systemClock, signal, listen: () => {} };
  const began = performance.now();
  const counted = await countSubspaces(resolved);
  const { gains } = await visitResolved(counted, { trials: 300 }, store, surroundings);
  const visitMs = performance.now() - began;
  const [comparison] = await store.comparisons(resolved.id);
  await store.close();
  const bests = await bestsBySet(name, shape, target, space);
  const { mechanisms } = counted.subspaces;
  const found = { gains: 0, whole: 0, sets: 0, held: 0, visitMs, variants: comparison?.variants.length ?? 0 };
  const misses: string[] = [];
  for (const mechanism of MECHANISMS) {
    const told = gains[mechanism];
    if (told === undefined) continue;
    const without = subsetName(allBut(mechanism, mechanisms));
    for (const [what, figure, first, second] of [
      ['alone', told.alone, 'scalar', mechanism],
      ['left out', told.leftOut, without, subsetName(mechanisms)],
      ['forced', told.forced, without, forcedName(mechanism)],
    ] as const) {
      if (!isKnown(figure) || figure.low === null || figure.high === null) continue;
      const { low, high } = figure;
      const real = bests.map((best) => (best.get(first) ?? Number.NaN) / (best.get(second) ?? Number.NaN));
      const held = real.filter((gain) => gain >= low * 0.99 && gain <= high * 1.01).length;
      found.gains++;
      found.whole += held === real.length ? 1 : 0;
      found.sets += real.length;
      found.held += held;
      if (held < real.length)
        misses.push(
          `${mechanism} ${what}: told ${[low, high].map((end) => end.toFixed(2)).join(' to ')}, tuned again ${[Math.min(...real), Math.max(...real)].map((end) => end.toFixed(2)).join(' to ')}`,
        );
    }
  }
  return { ...found, misses };
}

/** The best time of each subspace, on each parameter set. */
async function bestsBySet(name: string, shape: string, target: string, space: Subspace['space']) {
  const kernel = libraryKernel(name, parseShape(shape));
  const machine = loadTarget(target);
  const parts = (await subspacesOf(space)).all.map((part) => ({
    name: part.name,
    members: Array.from({ length: part.space.size }, (_, index) =>
      space.indexOfDigits(part.space.digitsAt(index)),
    ),
  }));
  return Array.from({ length: parameterSets(machine) }, (_, set) => {
    const times = Float64Array.from(
      { length: space.size },
      (_, index) => simulateKernel(kernel, machine, space.at(index), { set }).timeUs,
    );
    return new Map(
      parts.map((part) => [
        part.name,
        part.members.reduce((best, index) => Math.min(best, times[index]), Number.POSITIVE_INFINITY),
      ]),
    );
  });
}
