import type { Configuration } from '../../search-space/parameter.ts';
import type { Store } from '../../store/store.ts';
import type { TargetKind } from '../../store/target-kinds.ts';
import { type GainFigure, unknown } from '../../tuner/attribution/gain.ts';
import type { StoredCall } from '../answers/stored-call.ts';
import { parseFindings } from '../documents/findings.ts';
import type { Breakdown } from '../targets/npu/simulator/breakdown.ts';
import { callOf } from './study-call.ts';

/** What all calls of one kernel of a plan take, in µs, and on what, where they are simulated. */
export type KernelCalls = Readonly<{ us: number; parts: Breakdown | null }>;

/** A kernel of the whole. */
export type ModelPart = Readonly<{
  study: string;
  kernel: string;
  shape: string;
  dtype: string;
  target: string;
  from: TargetKind;
  calls: number;
  /** Null before a comparison. */
  default: KernelCalls | null;
  best: KernelCalls | null;
  /** Of what to use, as `best` says it. */
  gain: GainFigure;
}>;

/** Computes what calls spend their time on, in another thread. */
export type ComputeBreakdowns = (
  call: Omit<StoredCall, 'configuration'>,
  configurations: readonly Configuration[],
) => Promise<readonly (Breakdown | null)[]>;

/** The studies of a plan as parts of one whole, each as often as a model calls it. */
export async function modelParts(
  planned: readonly Readonly<{ study: string; calls: number }>[],
  store: Store,
  compute: ComputeBreakdowns,
): Promise<readonly ModelPart[]> {
  const parts: ModelPart[] = [];
  for (const { study: id, calls } of planned) {
    const summary = await store.summary(id);
    if (summary === undefined) continue;
    const { kernel, target } = summary;
    const { timed, gain } = await comparedOf(id, store);
    const call = timed.length === 0 ? undefined : await callOf(summary, store);
    const breakdowns =
      call === undefined
        ? []
        : await compute(
            call,
            timed.map(({ configuration }) => configuration),
          );
    const calledOf = (place: number): KernelCalls | null => {
      const one = timed[place];
      if (one === undefined) return null;
      return { us: calls * one.timeUs, parts: scaled(breakdowns[place] ?? null, calls) };
    };
    parts.push({
      study: id,
      kernel: kernel.name,
      shape: kernel.shape,
      dtype: kernel.dtype,
      target: target.name,
      from: target.kind,
      calls,
      default: calledOf(0),
      best: calledOf(1),
      gain,
    });
  }
  return parts;
}

const NOT_YET = unknown('not tried', 'it is not compared yet');

/** The default and what to use, in this order, with the gain; without times unless both have one. */
async function comparedOf(
  id: string,
  store: Store,
): Promise<
  Readonly<{
    timed: readonly Readonly<{ configuration: Configuration; timeUs: number }>[];
    gain: GainFigure;
  }>
> {
  const findings = parseFindings(await store.findings(id));
  if (findings === undefined) return { timed: [], gain: NOT_YET };
  const { default: preferred, best, gainOverDefault } = findings;
  if (preferred === null || best === null) return { timed: [], gain: gainOverDefault };
  return { timed: [preferred, best], gain: gainOverDefault };
}

function scaled(parts: Breakdown | null, calls: number): Breakdown | null {
  if (parts === null) return null;
  const { compute, memory, dma, waiting, forkJoin, idle } = parts;
  return {
    compute: calls * compute,
    memory: calls * memory,
    dma: calls * dma,
    waiting: calls * waiting,
    forkJoin: calls * forkJoin,
    idle: calls * idle,
  };
}
