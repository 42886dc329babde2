import type { Configuration } from '../../../search-space/parameter.ts';
import { permitOnly, SUBSETS, subsetName } from '../../../search-space/restriction.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import type { LadderRung } from '../../../tuner/attribution/findings.ts';
import type { TimedPoint } from '../../../tuner/attribution/known-times.ts';
import type { Kernel } from '../../kernels/ir.ts';
import type { SimulatedTarget } from '../../targets/npu/machine/schema.ts';
import { applyWhatIf } from '../../targets/npu/machine/what-if.ts';
import { simulateKernel } from '../../targets/npu/simulator/simulate.ts';
import { buildSpace } from '../../targets/npu/space/space.ts';
import { keyOf } from '../best/robust.ts';
import { type StoredCall, simulatedCall } from '../stored-call.ts';
import { bestAmong } from './stays-best.ts';
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

type MovedConfiguration = MovedTime & Readonly<{ configuration: Configuration }>;

/** What becomes of known configurations on a changed machine. */
export type MovedMachine = Readonly<{
  figures: readonly MovableFigure[];
  /** The best on the changed machine first, then by their times there. */
  candidates: readonly MovedConfiguration[];
  /** The best candidate of each rung on either machine. */
  rungs: readonly (MovedTime & Readonly<{ rung: string }>)[];
  /** The best of the whole space, and where another one becomes it; null unless that was asked. */
  best: WhatIfBest | null;
}>;

/** What is asked, as data that can be sent to a thread. */
export type MovedQuestion = Readonly<{
  call: Omit<StoredCall, 'configuration'>;
  configurations: readonly Configuration[];
  /** What is used today: the best while nothing is faster by 1 %. */
  used: Configuration | undefined;
  rungs: readonly Pick<LadderRung, 'rung' | 'configuration'>[];
  /** "dmaGBps=20" */
  changes: readonly string[];
  /** Whether to search the whole space for its best, and for the values at which the winner flips: takes a second. */
  flips: boolean;
}>;

/** Undefined if the machine is not there any more, or has changed. Throws InputError for a change that cannot be. */
export function answerMoved(asked: MovedQuestion): MovedMachine | undefined {
  const { call, configurations, used, rungs, changes, flips } = asked;
  const found = simulatedCall(call);
  if (found === undefined) return undefined;
  const { kernel, machine } = found;
  const moved = changes.reduce(applyWhatIf, machine);
  const space = buildSpace(kernel, machine);
  const timeOf = timesOn(kernel, machine, moved, space);
  const best = flips && changes.length > 0 ? whatIfBest(kernel, machine, changes, used) : null;
  const known = distinct([...configurations, ...(best === null ? [] : [best.changed.configuration])]);
  const candidates = known.flatMap((configuration) => {
    const times = timeOf(configuration);
    return times === undefined ? [] : [{ configuration, ...times }];
  });
  const winner = best?.changed ?? bestAmong(candidates.map(there), used);
  const isWinner = ({ configuration }: MovedConfiguration): boolean =>
    winner !== undefined && keyOf(configuration) === keyOf(winner.configuration);
  return {
    figures: movableFigures(machine),
    candidates: candidates.sort(
      (a, b) =>
        Number(isWinner(b)) - Number(isWinner(a)) ||
        there(a).timeUs - there(b).timeUs ||
        a.todayUs - b.todayUs,
    ),
    rungs: rungs.flatMap((rung) => bestOfRung(rung, candidates, space)),
    best,
  };
}

function distinct(configurations: readonly Configuration[]): readonly Configuration[] {
  return [...new Map(configurations.map((each) => [keyOf(each), each])).values()];
}

/** Times in µs; infinite where it is not possible. */
function there({ configuration, movedUs }: MovedConfiguration): TimedPoint {
  return { configuration, timeUs: movedUs ?? Number.POSITIVE_INFINITY };
}

/** What the best candidate of a rung takes on the machine as it is, and the best one on the changed machine. */
function bestOfRung(
  { rung, configuration }: MovedQuestion['rungs'][number],
  candidates: readonly MovedConfiguration[],
  { parameters }: SearchSpace,
): readonly (MovedTime & Readonly<{ rung: string }>)[] {
  const permitted = SUBSETS.find((subset) => subsetName(subset) === rung);
  if (configuration === null || permitted === undefined) return [];
  const values = Object.entries(permitOnly(parameters, permitted).values);
  const own = candidates.filter((each) =>
    values.every(([name, possible]) => possible.includes(each.configuration[name])),
  );
  const today = bestAmong(
    own.map((each) => ({ configuration: each.configuration, timeUs: each.todayUs })),
    configuration,
  );
  const moved = bestAmong(own.map(there), configuration);
  return today === undefined ? [] : [{ rung, todayUs: today.timeUs, movedUs: moved?.timeUs ?? null }];
}

/** The times of a configuration on two machines; undefined for one that is not possible on the first. */
function timesOn(
  kernel: Kernel,
  machine: SimulatedTarget,
  moved: SimulatedTarget,
  space: SearchSpace,
): (configuration: Configuration) => MovedTime | undefined {
  const movedSpace = buildSpace(kernel, moved);
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
    figure('scratchpad.bytes', 'scratchpad', scratchpad.bytes, true),
    figure('forkJoinUs', 'fork and join, µs', forkJoinUs, false),
  ];
}
