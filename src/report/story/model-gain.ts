import type { ImportedKernel } from '../../../store/records.ts';
import type { StudyStory } from './story.ts';

/** A model's calls added up: with every kernel's default, and with its best. One target's studies. */
export type ModelGain = Readonly<{
  target: string;
  rows: readonly Readonly<{ kernel: string; calls: number; defaultUs: number; bestUs: number }>[];
  defaultUs: number;
  bestUs: number;
  /** Kernels that the model calls and nobody has tuned: they are in neither sum. */
  missing: readonly string[];
}>;

/** Null where no kernel with calls was tuned. The target is the one with most of them. */
export function modelGain(
  studies: readonly StudyStory[],
  imports: readonly ImportedKernel[],
): ModelGain | null {
  const called = imports.flatMap(({ kernel, calls }) => (calls === null ? [] : [{ kernel, calls }]));
  const targets = [...new Set(studies.map(({ target }) => target.fingerprint))];
  const sums = targets.map((fingerprint) =>
    sumOver(
      called,
      studies.filter(({ target }) => target.fingerprint === fingerprint),
    ),
  );
  const best = sums.reduce<ModelGain | null>(
    (most, sum) => (sum.rows.length > (most?.rows.length ?? 0) ? sum : most),
    null,
  );
  return best;
}

function sumOver(
  called: readonly Readonly<{ kernel: ImportedKernel['kernel']; calls: number }>[],
  studies: readonly StudyStory[],
): ModelGain {
  const rows: ModelGain['rows'][number][] = [];
  const missing: string[] = [];
  for (const { kernel, calls } of called) {
    const times = studies.flatMap(({ kernel: { hash }, findings }) =>
      hash === kernel.hash && findings?.default != null && findings.best !== null
        ? [{ defaultUs: findings.default.timeUs, bestUs: findings.best.timeUs }]
        : [],
    );
    const [fastest] = times.sort((a, b) => a.bestUs - b.bestUs);
    if (fastest === undefined) missing.push(kernel.name);
    else rows.push({ kernel: kernel.name, calls, ...fastest });
  }
  const total = (time: 'defaultUs' | 'bestUs'): number =>
    rows.reduce((sum, row) => sum + row.calls * row[time], 0);
  return {
    target: studies[0]?.target.name ?? '',
    rows,
    missing,
    defaultUs: total('defaultUs'),
    bestUs: total('bestUs'),
  };
}
