import { targetKinds } from '../../../store/target-kinds.ts';
import { formatCount } from '../../text/number-text.ts';
import { formatTimeUs, timeIn } from '../../text/time-text.ts';
import { wholeUnit } from '../figures/whole.ts';
import { countOf, formatGain, formatOverDefault } from '../words/numbers.ts';
import { type ModelGain, modelParts, wholeTitle } from './model-gain.ts';

/** Of a model of which not all kernels were tuned it says of how many. */
export function modelTitle(found: ModelGain): string {
  return `${wholeTitle(found)} (${targetKinds[found.kind].label})`;
}

/**
 * "One call of the model: 52.1 → 11.4 µs simulated, 4.57× [4.1, 5.0] as fast, over all its 9 kernels; the
 * interval is for all kernels at the same end of theirs."
 */
export function modelSentence(found: ModelGain): string {
  const { kind, rows, missing, defaultUs, bestUs, gain } = found;
  const all = rows.length + missing.length;
  const [of, over] =
    missing.length > 0
      ? [`${formatCount(rows.length)} of its ${countOf(all, 'kernel')}`, '']
      : [
          '',
          rows.length === 1 ? ', over its only kernel' : `, over all its ${formatCount(rows.length)} kernels`,
        ];
  const call = of === '' ? 'One call of the model' : `${of} in one call of the model, without the others`;
  const unit = wholeUnit(modelParts(found));
  const how =
    gain.low === null || rows.length === 1
      ? ''
      : '; the interval is for all kernels at the same end of theirs';
  return `${call}: ${timeIn(unit, defaultUs)} → ${formatTimeUs(bestUs, unit)} ${targetKinds[kind].label}, ${formatGain(gain)} as fast${over}${how}.`;
}

export const MODEL_TITLES = Object.freeze([
  'kernel',
  'calls',
  'default, all calls',
  'best, all calls',
  'gain over default',
]);

/** A row for each kernel, with the number that it has in the bar. */
export function modelCells(found: ModelGain): readonly (readonly string[])[] {
  const unit = wholeUnit(modelParts(found));
  return found.rows.map(({ kernel, called, calls, defaultUs, bestUs, gain }, place) => [
    `${place + 1} ${kernel}${called === kernel ? '' : `, in the model ${called}`}`,
    formatCount(calls),
    formatTimeUs(calls * defaultUs, unit),
    formatTimeUs(calls * bestUs, unit),
    formatOverDefault(gain, defaultUs === bestUs),
  ]);
}
