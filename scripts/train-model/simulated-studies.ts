import { InputError } from '../../search-space/input-error.ts';
import type { Configuration } from '../../search-space/parameter.ts';
import { randomFor } from '../../search-space/random.ts';
import { kernelFeatures } from '../../src/kernels/features.ts';
import type { Kernel } from '../../src/kernels/ir.ts';
import type { LibraryKernel } from '../../src/kernels/library/_entry.ts';
import { libraryKernels } from '../../src/kernels/library.ts';
import { formatShape } from '../../src/kernels/shape.ts';
import { loadTarget } from '../../src/targets/npu/machine/load.ts';
import { simulateKernel } from '../../src/targets/npu/simulator/simulate.ts';
import { simulatedTarget } from '../../src/targets/npu/target.ts';
import type { StudyExamples } from '../../tuner/models/across/examples.ts';

/** A study with any number of simulated trials. */
export type SimulatedStudy = Readonly<{
  kernel: string;
  target: string;
  /** "gelu 1048576" */
  shape: string;
  /** `count` random configurations with their times, the same for the same seed. */
  examples(count: number, seed: number): StudyExamples;
  /** What the package's model learns: some random configurations, and the fastest of many others, which a search is about. */
  lesson(seed: number): StudyExamples;
}>;

/** The shapes of each kernel, as factors of its first extent. */
const FACTORS = [1 / 16, 1 / 4, 1, 4];
const TARGETS = [
  'hexagon-mlir',
  'hexagon-v73',
  'hexagon-v75',
  'hexagon-v79',
  'snapdragon-8gen1',
  'edge-2mib',
];
/** Of a lesson: so many random configurations, and so many of the others, the fastest. */
const RANDOM = 20;
const FASTEST = 10;
const OTHERS = 130;

/** Every library kernel at four shapes on six machines. */
export function simulatedStudies(): readonly SimulatedStudy[] {
  return libraryKernels.flatMap((kernel) =>
    FACTORS.flatMap((factor) => TARGETS.flatMap((target) => studyOf(kernel, factor, target))),
  );
}

function studyOf(entry: LibraryKernel, factor: number, targetName: string): readonly SimulatedStudy[] {
  const machine = loadTarget(targetName);
  const target = simulatedTarget(machine);
  const [first, ...rest] = entry.defaultShape;
  try {
    const kernel = entry.build([Math.max(1, Math.round(first * factor)), ...rest], entry.dtypes[0]);
    const space = target.space(kernel);
    const shape = `${kernel.name} ${formatShape(kernel.shape)}`;
    const time = (configuration: Configuration): number =>
      Math.log(simulateKernel(kernel, machine, configuration).timeUs);
    const facts = { ...factsOf(kernel, targetName, target.features), study: shape };
    const drawn = (count: number, seed: number): readonly Configuration[] => {
      const random = randomFor(seed, shape, targetName);
      return Array.from({ length: count }, () => space.at(space.sample(random)));
    };
    return [
      {
        kernel: kernel.name,
        target: targetName,
        shape,
        examples: (count, seed) => {
          const configurations = drawn(count, seed);
          return { ...facts, configurations, logTimes: configurations.map(time) };
        },
        lesson: (seed) => {
          const timed = drawn(RANDOM + OTHERS, seed).map((configuration) => ({
            configuration,
            logTime: time(configuration),
          }));
          const others = timed.slice(RANDOM).sort((a, b) => a.logTime - b.logTime);
          const taken = [...timed.slice(0, RANDOM), ...others.slice(0, FASTEST)];
          return {
            ...facts,
            configurations: taken.map(({ configuration }) => configuration),
            logTimes: taken.map(({ logTime }) => logTime),
          };
        },
      },
    ];
  } catch (error) {
    // Not every kernel allows every extent.
    if (error instanceof InputError) return [];
    throw error;
  }
}

function factsOf(kernel: Kernel, target: string, targetFeatures: StudyExamples['targetFeatures']) {
  return { kernel: kernel.name, target, kernelFeatures: kernelFeatures(kernel), targetFeatures };
}
