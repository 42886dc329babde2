import type { Configuration } from '../../../search-space/parameter.ts';
import type { LadderRung } from '../../../tuner/attribution/findings.ts';
import { isKnown } from '../../../tuner/attribution/gain.ts';
import type { Kernel } from '../../kernels/ir.ts';
import type { SimulatedTarget } from '../../targets/npu/machine/schema.ts';
import { applyWhatIf } from '../../targets/npu/machine/what-if.ts';
import { simulateKernel } from '../../targets/npu/simulator/simulate.ts';
import { buildSpace } from '../../targets/npu/space/space.ts';
import { type StoredCall, simulatedCall } from '../stored-call.ts';
import { type WhatIfBest, whatIfBest } from './what-if.ts';

/** A figure of a machine that is moved, with the range that is worth looking at. */
export type MovableFigure = Readonly<{
  name: string;
  words: string;
  today: number;
  low: number;
  high: number;
  isWhole: boolean;
}>;

/** A configuration's time on the machine as it is and as it is asked about, in µs; null where it is not possible there. */
export type MovedTime = Readonly<{ todayUs: number; movedUs: number | null }>;

/** What becomes of known configurations on a changed machine. */
export type MovedMachine = Readonly<{
  figures: readonly MovableFigure[];
  /** The fastest on the changed machine first. */
  candidates: readonly (MovedTime & Readonly<{ configuration: Configuration }>)[];
  rungs: readonly (MovedTime & Readonly<{ rung: string }>)[];
  /** Where another configuration becomes the best of the whole space; null unless that was asked, of one figure. */
  best: WhatIfBest | null;
}>;

/** What is asked, as data that can be sent to a thread. */
export type MovedQuestion = Readonly<{
  call: Omit<StoredCall, 'configuration'>;
  configurations: readonly Configuration[];
  rungs: readonly LadderRung[];
  /** "dmaGBps=20" */
  changes: readonly string[];
  /** Whether to search the whole space for the values at which the winner flips: takes a second. */
  flips: boolean;
}>;

/** Undefined if the machine is not there any more, or has changed. Throws InputError for a change that cannot be. */
export function answerMoved({
  call,
  configurations,
  rungs,
  changes,
  flips,
}: MovedQuestion): MovedMachine | undefined {
  const found = simulatedCall(call);
  if (found === undefined) return undefined;
  const { kernel, machine } = found;
  const moved = changes.reduce(applyWhatIf, machine);
  const timeOf = timesOn(kernel, machine, moved);
  const candidates = configurations.flatMap((configuration) => {
    const times = timeOf(configuration);
    return times === undefined ? [] : [{ configuration, ...times }];
  });
  return {
    figures: movableFigures(machine),
    candidates: candidates.sort(
      (a, b) => (a.movedUs ?? Infinity) - (b.movedUs ?? Infinity) || a.todayUs - b.todayUs,
    ),
    rungs: rungs.flatMap(({ rung, configuration, timeUs }) => {
      const times = configuration === null || !isKnown(timeUs) ? undefined : timeOf(configuration);
      return times === undefined ? [] : [{ rung, ...times }];
    }),
    best: flips && changes.length === 1 ? whatIfBest(kernel, machine, changes) : null,
  };
}

/** The times of a configuration on two machines; undefined for one that is not possible on the first. */
function timesOn(
  kernel: Kernel,
  machine: SimulatedTarget,
  moved: SimulatedTarget,
): (configuration: Configuration) => MovedTime | undefined {
  const [space, movedSpace] = [buildSpace(kernel, machine), buildSpace(kernel, moved)];
  return (configuration) => {
    if (!space.has(configuration)) return undefined;
    const todayUs = simulateKernel(kernel, machine, configuration).timeUs;
    const isPossible = movedSpace.has(configuration);
    return { todayUs, movedUs: isPossible ? simulateKernel(kernel, moved, configuration).timeUs : null };
  };
}

/** So many times as much, and as little, is looked at. */
const FAR = 8;

function movableFigures({
  dma,
  contexts,
  scratchpad,
  forkJoinUs,
}: SimulatedTarget): readonly MovableFigure[] {
  const figure = (name: string, words: string, today: number, isWhole: boolean): MovableFigure => ({
    name,
    words,
    today,
    low: isWhole ? Math.max(1, Math.floor(today / FAR)) : today / FAR,
    high: today * FAR,
    isWhole,
  });
  return [
    figure('dmaGBps', 'DMA bandwidth, GB/s', dma.totalGBs, false),
    { ...figure('contexts', 'contexts', contexts, true), low: 1, high: contexts * 4 },
    figure('scratchpad.bytes', 'scratchpad, bytes', scratchpad.bytes, true),
    figure('forkJoinUs', 'fork and join, µs', forkJoinUs, false),
  ];
}
