import { MECHANISMS, type Mechanism } from '../../../search-space/parameter.ts';
import type { Findings } from '../../../tuner/attribution/findings.ts';
import { type Gain, isKnown } from '../../../tuner/attribution/gain.ts';
import { element } from '../../languages/markup.ts';
import { MECHANISM_NAMES } from '../story/gain-words.ts';
import { type Figure, forBothWidths } from '../svg/figure.ts';
import { label } from '../svg/label.ts';
import { linearScale } from '../svg/scale.ts';
import { formatShare } from '../words/numbers.ts';
import { HALF, PHONE } from './_place.ts';
import { whisker } from './ladder.ts';

export type ShareRow = Readonly<{ mechanism: Mechanism; share: Gain }>;

/** The mechanisms whose share of the speed-up is known. */
export function sharesData(gains: Findings['gains']): readonly ShareRow[] {
  return MECHANISMS.flatMap((mechanism) => {
    const share = gains[mechanism]?.shapleyShare;
    return isKnown(share) ? [{ mechanism, share }] : [];
  });
}

const ROW = 28;
const LEFT = 44;
const RIGHT = 136;
const TOP = 6;

/** Shapley shares of the log speed-up, a bar for each mechanism, from 0 to 100 %. */
export function plotShares(id: string, rows: readonly ShareRow[]): Figure {
  return forBothWidths((page) => plotFor(page === 'wide' ? HALF : PHONE, id, rows));
}

function plotFor(width: number, id: string, rows: readonly ShareRow[]): Figure {
  const values = rows.flatMap(({ share: { value, low, high } }) => [value, low ?? value, high ?? value]);
  const scale = linearScale([0, 1, ...values], { from: LEFT, to: width - RIGHT }, 5);
  const bottom = TOP + rows.length * ROW;
  const grid = scale.ticks.map(
    (tick) =>
      element('line', { x1: scale.at(tick), x2: scale.at(tick), y1: TOP, y2: bottom, class: 'grid' }) +
      label(scale.at(tick), bottom + 16, `${Math.round(tick * 100)} %`, { anchor: 'middle', kind: 'tick' }),
  );
  const drawn = rows.map(({ mechanism, share }, place) => {
    const y = TOP + place * ROW;
    const [from, to] = [scale.at(Math.min(0, share.value)), scale.at(Math.max(0, share.value))];
    return [
      label(LEFT - 10, y + ROW / 2 + 4, MECHANISM_NAMES[mechanism], { anchor: 'end', kind: 'strong' }),
      element('rect', { x: from, y: y + 6, width: to - from, height: ROW - 12, class: mechanism }),
      share.low === null || share.high === null
        ? ''
        : whisker(scale.at(share.low), scale.at(share.high), y + ROW / 2),
      label(width - RIGHT + 14, y + ROW / 2 + 4, formatShare(share), { kind: 'strong' }),
    ].join('');
  });
  const zero = element('line', { x1: scale.at(0), x2: scale.at(0), y1: TOP, y2: bottom, class: 'axis' });
  return {
    id,
    title: 'Shapley shares of the speed-up',
    description: rows
      .map(({ mechanism, share }) => `${MECHANISM_NAMES[mechanism]} ${formatShare(share)}`)
      .join('; '),
    width,
    height: bottom + 24,
    body: [...grid, ...drawn, zero].join(''),
  };
}
