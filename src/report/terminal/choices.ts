import { targetKinds } from '../../../store/target-kinds.ts';
import type { Findings, TimedConfiguration } from '../../../tuner/attribution/findings.ts';
import { timeIn, timeUnitFor } from '../../text/time-text.ts';
import { choiceWords } from '../words/as-fast.ts';
import { drawWithin } from './fit.ts';
import type { Paint } from './paint.ts';
import { wrapped } from './width.ts';

const WHY_TWO =
  'use: the simplest of those that are as fast as the fastest; the gains of mechanisms are those of the fastest.';

type Choice = Pick<Findings, 'default' | 'best' | 'winner' | 'same' | 'sure'>;

/**
 * The default and the configuration to use, a row for each parameter; with the fastest if that is a
 * different one.
 */
export function drawChoices(findings: Choice, columns: number, paint: Paint): string {
  const { best, winner } = findings;
  if (best === null || winner === null) return '';
  const chosen: readonly (readonly [string, TimedConfiguration])[] = [
    ...(findings.default === null ? [] : [['default', findings.default] as const]),
    ['use', best],
    ...(isSame(best, winner) ? [] : [['fastest', winner] as const]),
  ];
  const value = (name: string, { configuration }: TimedConfiguration): string => {
    const text = String(configuration[name]);
    return configuration[name] === findings.default?.configuration[name] ? text : paint.green(text);
  };
  const rows = Object.keys(best.configuration).map((name) => [
    name,
    ...chosen.map(([, timed]) => value(name, timed)),
  ]);
  const unit = timeUnitFor(chosen.map(([, { timeUs }]) => timeUs));
  const times = [
    `${unit.name} ${targetKinds[best.provenance.from].label}`,
    ...chosen.map(([, { timeUs }]) => timeIn(unit, timeUs)),
  ];
  const titles = ['parameter', ...chosen.map(([title]) => title)];
  const aligns = titles.map((_, place) => (place === 0 ? 'left' : 'right'));
  const table = drawWithin({ titles, aligns, cells: [...rows, times] }, columns, paint);
  const words = [isSame(best, winner) ? '' : WHY_TWO, choiceWords(findings)].filter((text) => text !== '');
  return table + words.map((text) => paint.dim(wrapped(text, columns))).join('');
}

function isSame(a: TimedConfiguration, b: TimedConfiguration): boolean {
  return Object.entries(a.configuration).every(([name, value]) => b.configuration[name] === value);
}
