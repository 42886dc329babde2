import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Configuration } from '../../search-space/parameter.ts';
import type { Store } from '../../store/store.ts';
import { type TargetKind, targetKinds } from '../../store/target-kinds.ts';
import { type GainFigure, isKnown, type TimeFigure } from '../../tuner/attribution/gain.ts';
import { isInWhole } from '../../tuner/attribution/whole-gain.ts';
import type { StoredCall } from '../answers/stored-call.ts';
import { parseOutcome } from '../documents/findings.ts';
import { lastNumbered, plotWhole, type WholePart, wholeUnit } from '../report/figures/whole.ts';
import { inlineSvg } from '../report/svg/figure.ts';
import type { Breakdown } from '../targets/npu/simulator/breakdown.ts';
import type { TimeUnit } from '../text/time-text.ts';
import { callOf } from './study-call.ts';

/** On what one call of a study spends its time, by default and tuned; null where it is not simulated. */
export type StudyBreakdowns = Readonly<{ study: string; default: Breakdown | null; best: Breakdown | null }>;

/** Computes what calls spend their time on, in another thread. */
export type ComputeBreakdowns = (
  call: Omit<StoredCall, 'configuration'>,
  configurations: readonly Configuration[],
) => Promise<readonly (Breakdown | null)[]>;

/** A target's studies of a plan, the whole as one bar. */
export type PlanWhole = Readonly<{
  target: string;
  title: string;
  /** Ids in the order of the table: those in the bar first, and what still takes the most time before others. */
  order: readonly string[];
  /** How many of them are in the bar: the others' times or gains are unknown. */
  inBar: number;
  /** How many there are until the last that may have its number in the bar. */
  numbered: number;
  /** Of all times of the bar and the table. */
  unit: TimeUnit;
  /** Markup of the bar; null where no gain is known yet. */
  svg: string | null;
}>;

/** What a plan's summary says of a study. Times in µs. */
type Planned = Readonly<{
  study: string;
  kernel: string;
  shape: string;
  target: string;
  from: TargetKind | null;
  calls: number;
  defaultUs: TimeFigure;
  comparedUs: number | null;
  gainOverDefault: GainFigure;
}>;

/** The whole of each target that a plan has begun on, coloured by what is known of its calls. */
export function planWholes(
  { studies, isModel }: Readonly<{ studies: readonly Planned[]; isModel: boolean }>,
  spent: readonly StudyBreakdowns[],
): readonly PlanWhole[] {
  const begun = studies.filter(({ from }) => from !== null);
  const targets = [...new Set(begun.map(({ target }) => target))];
  const byStudy = new Map(spent.map((each) => [each.study, each]));
  return targets.map((target, place) => {
    const own = begun.filter((each) => each.target === target);
    const all = own.map((study) => ({ study, part: partOf(study, byStudy.get(study.study)) }));
    const left = ({ part }: (typeof all)[number]): number => part?.tuned.us ?? Number.NEGATIVE_INFINITY;
    const [inBar, others] = [true, false].map((isIn) =>
      all
        .filter(({ study, part }) => (part !== null && isInWhole({ gain: study.gainOverDefault })) === isIn)
        .sort((a, b) => left(b) - left(a)),
    );
    const parts = inBar.flatMap(({ part }) => part ?? []);
    const [{ from }] = own;
    const times = from === null ? '' : ` (${targetKinds[from].label})`;
    const title = `${isModel ? 'The whole model' : 'All kernels of the plan'} on ${target}${times}`;
    return {
      target,
      title,
      order: [...inBar, ...others].map(({ study }) => study.study),
      inBar: inBar.length,
      numbered: lastNumbered(parts),
      unit: wholeUnit(parts.length > 0 ? parts : all.flatMap(({ part }) => part ?? [])),
      svg: parts.length === 0 ? null : inlineSvg(plotWhole(`whole-${place + 1}`, title, parts)),
    };
  });
}

/** Null before a comparison, and without a time of the default. */
function partOf(study: Planned, spent: StudyBreakdowns | undefined): WholePart | null {
  const { calls, defaultUs, comparedUs, kernel, shape } = study;
  if (comparedUs === null || !isKnown(defaultUs)) return null;
  return {
    name: `${kernel} ${shape}`,
    calls,
    default: { us: calls * defaultUs, spent: spent?.default ?? null },
    tuned: { us: calls * comparedUs, spent: spent?.best ?? null },
    href: `#/study/${study.study}`,
  };
}

/**
 * On what the studies of a plan spend their time: of those that are simulated, and compared. It takes longer than all else
 * on a plan’s page, which asks for it apart.
 */
export async function planBreakdowns(
  ids: readonly string[],
  store: Store,
  compute: ComputeBreakdowns,
): Promise<readonly StudyBreakdowns[]> {
  const found: StudyBreakdowns[] = [];
  for (const study of ids) {
    const outcome = parseOutcome(await store.findings(study));
    // Hundreds in one turn would keep other requests waiting.
    await nextTurn();
    if (outcome === undefined || outcome.default === null || outcome.best === null) continue;
    const summary = await store.summary(study);
    const call = summary === undefined ? undefined : await callOf(summary, store);
    if (call === undefined) continue;
    const configurations = [outcome.default.configuration, outcome.best.configuration];
    const [usual = null, best = null] = await compute(call, configurations);
    found.push({ study, default: usual, best });
  }
  return found;
}
