import type { ImportedKernel } from '../../../store/records.ts';
import type { TargetKind } from '../../../store/target-kinds.ts';
import type { Gain, GainFigure } from '../../../tuner/attribution/gain.ts';
import { isInWhole, wholeGain } from '../../../tuner/attribution/whole-gain.ts';
import { formatCount } from '../../text/number-text.ts';
import type { WholePart } from '../figures/whole.ts';
import type { StudyStory } from './study-story.ts';

/** The time of one call of a model on a target, with every kernel's default and with its best. */
export type ModelGain = Readonly<{
  target: string;
  kind: TargetKind;
  /** What takes the longest over all calls, tuned, is first. */
  rows: readonly Readonly<{
    /** Its title, as of its study. */
    kernel: string;
    /** What the model calls it. */
    called: string;
    calls: number;
    /** Of one call. */
    defaultUs: number;
    bestUs: number;
    gain: GainFigure;
  }>[];
  defaultUs: number;
  bestUs: number;
  gain: Gain;
  /** Kernels that the model calls and that were not tuned, or whose gain is unknown: they are in neither sum. */
  missing: readonly string[];
}>;

/** Its kernels as the bar of a whole draws them. */
export function modelParts({ rows }: ModelGain): readonly WholePart[] {
  return rows.map(({ kernel, calls, defaultUs, bestUs }) => ({
    name: kernel,
    calls,
    default: { us: calls * defaultUs, spent: null },
    tuned: { us: calls * bestUs, spent: null },
  }));
}

/** "The whole model on npu", "2 of 3 kernels of the model on npu" */
export function wholeTitle({ target, rows, missing }: ModelGain): string {
  if (missing.length === 0) return `The whole model on ${target}`;
  const all = rows.length + missing.length;
  return `${formatCount(rows.length)} of ${formatCount(all)} kernels of the model on ${target}`;
}

/** One for each target on which a kernel of the model was tuned; where the most were is first. */
export function modelGains(
  studies: readonly StudyStory[],
  imports: readonly ImportedKernel[],
): readonly ModelGain[] {
  const called = imports.flatMap(({ kernel, calls }) => (calls === null ? [] : [{ kernel, calls }]));
  const targets = new Map(studies.map(({ target }) => [target.fingerprint, target]));
  return [...targets.values()]
    .map((target) =>
      sumOver(
        target,
        called,
        studies.filter((study) => study.target.fingerprint === target.fingerprint),
      ),
    )
    .filter(({ rows }) => rows.length > 0)
    .sort((a, b) => a.missing.length - b.missing.length);
}

function sumOver(
  { name, kind }: StudyStory['target'],
  called: readonly Readonly<{ kernel: ImportedKernel['kernel']; calls: number }>[],
  studies: readonly StudyStory[],
): ModelGain {
  const rows: ModelGain['rows'][number][] = [];
  const missing: string[] = [];
  for (const { kernel, calls } of called) {
    const own = studies.filter(({ kernel: { hash } }) => hash === kernel.hash);
    const title = own[0]?.kernel.name ?? kernel.name;
    const times = own.flatMap(({ findings }) =>
      findings?.default != null && findings.best !== null && isInWhole({ gain: findings.gainOverDefault })
        ? [
            {
              defaultUs: findings.default.timeUs,
              bestUs: findings.best.timeUs,
              gain: findings.gainOverDefault,
            },
          ]
        : [],
    );
    const [fastest] = times.sort((a, b) => a.bestUs - b.bestUs);
    if (fastest === undefined) missing.push(title);
    else rows.push({ kernel: title, called: kernel.name, calls, ...fastest });
  }
  rows.sort((a, b) => b.calls * b.bestUs - a.calls * a.bestUs);
  const total = (time: 'defaultUs' | 'bestUs'): number =>
    rows.reduce((sum, row) => sum + row.calls * row[time], 0);
  return {
    target: name,
    kind,
    rows,
    missing,
    defaultUs: total('defaultUs'),
    bestUs: total('bestUs'),
    gain: wholeGain(
      rows.map(({ calls, gain, ...times }) => ({
        defaultUs: calls * times.defaultUs,
        bestUs: calls * times.bestUs,
        gain,
      })),
    ),
  };
}
