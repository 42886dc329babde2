import { targetKinds } from '../../../store/target-kinds.ts';
import { isKnown, isUnknown } from '../../../tuner/attribution/gain.ts';
import { BREAK_EVEN } from '../../answers/scaling.ts';
import type { ScalingDocument } from '../../documents/scaling.ts';
import { formatCount } from '../../text/number-text.ts';
import { reasonWords } from '../../text/unknown-words.ts';
import { MECHANISM_NAMES } from '../story/gain-words.ts';
import { causeWords } from '../words/causes.ts';
import { formatGain, formatTime, unitOf } from '../words/numbers.ts';
import { publishedSentence } from '../words/published.ts';
import { drawWithin } from './fit.ts';
import type { Paint } from './paint.ts';
import { wrapped } from './width.ts';

const NUMBERS = 66;
const SHORTEST_PLOT = 14;
const LONGEST_PLOT = 54;

/** A mechanism's gain against size: a bar to the right of the line is a gain above 1, to the left below. */
export function drawScaling(document: ScalingDocument, columns: number, paint: Paint): string {
  const { kernel, dtype, target, mechanism, restrictedTo, sizes, from } = document;
  const name = MECHANISM_NAMES[mechanism];
  // A narrow terminal has room for the numbers only.
  const room = Math.min(LONGEST_PLOT, columns - NUMBERS);
  const plot = plotter(
    sizes.flatMap(({ forced }) => (isKnown(forced) ? forced.value : [])),
    Math.max(SHORTEST_PLOT, room),
    paint,
  );
  const label = from === null ? '' : targetKinds[from].label;
  const unit = unitOf(sizes.map(({ timeUs }) => timeUs));
  const cells = sizes.map(({ shape, timeUs, leftOut, forced }) => [
    shape,
    formatTime(timeUs, unit),
    formatGain(leftOut),
    formatGain(forced),
    isKnown(forced) ? plot(forced.value) : '',
  ]);
  const titles = [
    'shape',
    `${unit.name} ${label}`.trim(),
    `${name} permitted`,
    `${name} forced`,
    '1× = break-even (log)',
  ];
  const shown = <T>(row: readonly T[]): readonly T[] => (room < SHORTEST_PLOT ? row.slice(0, -1) : row);
  const table = drawWithin(
    {
      titles: shown(titles),
      aligns: shown(['right', 'right', 'left', 'left', 'left']),
      stands: [undefined, undefined, undefined, 'below'],
      cells: cells.map(shown),
    },
    columns,
    paint,
  );
  const title = `${paint.bold(`Gain of ${name} against size`)}: ${kernel} ${dtype} on ${target}${label === '' ? '' : ` (${label})`}${restrictedTo === '' ? '' : `, only ${restrictedTo}`}\n\n`;
  return `${title}${table}${reasons(document, columns)}\n${wrapped(verdict(document, name), columns)}${notesOf(document, columns)}`;
}

/** Why gains are unknown, a line for each reason. */
function reasons({ sizes }: ScalingDocument, columns: number): string {
  const byReason = new Map<string, string[]>();
  for (const { shape, forced } of sizes) {
    if (isKnown(forced) || forced.unknown === 'not applicable') continue;
    const words = reasonWords(forced);
    byReason.set(words, [...(byReason.get(words) ?? []), shape]);
  }
  return [...byReason].map(([words, shapes]) => wrapped(`${shapes.join(', ')}: ${words}`, columns)).join('');
}

/** What the gain at the largest size consists of and rests on, what was published, and where intervals come from. */
function notesOf({ sizes, intervalFrom }: ScalingDocument, columns: number): string {
  const { shape, forced } = sizes[sizes.length - 1];
  const causes = causeWords(forced).map((words) => `At ${shape}: ${words}`);
  const published = sizes.flatMap((size) =>
    size.published.map((gain) => `At ${size.shape}, ${publishedSentence(gain)}`),
  );
  const source = intervalFrom === 'stated ranges' ? [`Intervals come from ${intervalFrom}.`] : [];
  return [...causes, ...published, ...source].map((line) => wrapped(line, columns)).join('');
}

/** Draws a gain as a bar from the line at 1, on a logarithmic scale that all bars share. */
function plotter(gains: readonly number[], room: number, paint: Paint): (gain: number) => string {
  const logs = gains.map((gain) => Math.log(gain / BREAK_EVEN));
  const lowest = Math.min(0, ...logs);
  const highest = Math.max(0, ...logs, lowest + 1e-9);
  const scale = (room - 1) / (highest - lowest);
  const left = Math.round(-lowest * scale);
  return (gain) => {
    const cells = Math.round(Math.abs(Math.log(gain / BREAK_EVEN)) * scale);
    if (gain < BREAK_EVEN)
      return `${' '.repeat(Math.max(0, left - cells))}${paint.red('░'.repeat(Math.min(cells, left)))}│`;
    return `${' '.repeat(left)}│${paint.green('█'.repeat(cells))}`;
  };
}

function verdict({ pays, breakEven, sizes }: ScalingDocument, name: string): string {
  if (sizes.every(({ forced }) => !isKnown(forced) && forced.unknown === 'not applicable'))
    return `${name} cannot be on in this space, so its gain is unknown.`;
  const isGated = ({ forced }: ScalingDocument['sizes'][number]): boolean =>
    isUnknown(forced) && forced.unknown === 'gated by the compiler';
  if (sizes.every(isGated))
    return `The compiler gates ${name} at each of these sizes, so it has no gain there.`;
  if (sizes.every(({ forced }) => !isKnown(forced)))
    return `The gain of ${name} is unknown at each of these sizes: a larger budget may find it.`;
  const which = sizes.some(({ forced }) => isUnknown(forced))
    ? 'of the sizes whose gain is known'
    : 'of these sizes';
  if (pays.length === 0) return `${name} pays at none ${which}.`;
  if (isKnown(breakEven))
    return `${name} pays from about ${formatCount(breakEven)} elements on (break-even, interpolated).`;
  const [first] = pays;
  if (pays.length === 1 && first.from === null && first.to === null) return `${name} pays at each ${which}.`;
  const words = pays.map(({ from, to }) =>
    [from === null ? '' : `from ${formatCount(from)}`, to === null ? '' : `to ${formatCount(to)}`]
      .filter(Boolean)
      .join(' '),
  );
  return `${name} pays ${words.join(', and ')} elements.`;
}
