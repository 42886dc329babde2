import { isKnown } from '../../../tuner/attribution/gain.ts';
import type { ExplainedCall } from '../../answers/simulation.ts';
import { formatCount } from '../../text/number-text.ts';
import { formatTimeUs, timeIn, timeUnitFor } from '../../text/time-text.ts';
import { formatGain, formatTimeInterval, fromWords } from '../words/numbers.ts';
import { flipSentences, retuningSentence } from '../words/what-if.ts';
import { drawConfiguration } from './configuration.ts';
import type { Paint } from './paint.ts';
import { drawTitle } from './study-title.ts';
import { drawTable } from './table.ts';
import { wrapped } from './width.ts';

type Breakdown = ExplainedCall['breakdown'];
type Part = keyof Breakdown;

/** Parts of a time in the order of the stacked bar, each with its own fill. */
const PARTS: readonly (readonly [part: Part, name: string, fill: string, colour: keyof Paint])[] =
  Object.freeze([
    ['compute', 'compute', '█', 'green'],
    ['memory', 'memory', '▓', 'yellow'],
    ['dma', 'DMA wait', '▒', 'blue'],
    ['waiting', 'waits', '░', 'magenta'],
    ['forkJoin', 'fork-join', '/', 'cyan'],
    ['allocation', 'allocating', '\\', 'red'],
    ['idle', 'idle', '·', 'dim'],
  ]);

/** Of a context's name, and between two columns. */
const NAME = 10;
const GAP = 2;
const SHORTEST_BAR = 10;
const LONGEST_BAR = 40;

/** One simulated call: its time, and the parts of each context's time. */
export function drawSimulation(call: ExplainedCall, columns: number, paint: Paint): string {
  const { timeUs, interval, intervalFrom, configuration, scratchpadBytes } = call;
  const unit = timeUnitFor([timeUs]);
  const ends = isKnown(interval) ? ` ${formatTimeInterval(interval, unit)}` : '';
  return [
    drawTitle(call, 'simulated', paint),
    `${drawConfiguration(configuration, columns, '  ', paint)}\n\n`,
    `${paint.bold(formatTimeUs(timeUs, unit))}${ends} simulated${fromWords(intervalFrom)}; scratchpad ${formatCount(scratchpadBytes)} bytes\n`,
    drawWhatIf(call),
    ...bestSentences(call, columns),
    '\n',
    drawBreakdown(call, columns, paint),
  ].join('');
}

function drawWhatIf({ whatIf }: ExplainedCall): string {
  if (whatIf === null) return '';
  const changes = whatIf.changes.join(', ');
  if (!isKnown(whatIf.unchangedUs)) return `With ${changes}; without, this configuration is not possible.\n`;
  return `With ${changes}: ${formatGain(whatIf.gain)} as fast as the ${formatTimeUs(whatIf.unchangedUs)} without.\n`;
}

/** What changes about the best configuration, not only about this one. */
function bestSentences({ whatIf }: ExplainedCall, columns: number): readonly string[] {
  if (whatIf === null || whatIf.best === null) return [];
  return [...flipSentences(whatIf.best), retuningSentence(whatIf.best)].map((sentence) =>
    wrapped(sentence, columns),
  );
}

function drawBreakdown(
  { breakdown, contexts, timeUs }: ExplainedCall,
  columns: number,
  paint: Paint,
): string {
  const unit = timeUnitFor([timeUs]);
  const used = PARTS.filter(([part]) => breakdown[part] > 0);
  const names = used.map(([, name, fill]) => `${fill} ${name}`);
  const numbers = names.reduce((sum, name) => sum + GAP + name.length, NAME + GAP);
  const room = Math.max(SHORTEST_BAR, Math.min(LONGEST_BAR, columns - numbers));
  const row = (name: string, own: Breakdown): readonly string[] => [
    name,
    ...used.map(([part]) => timeIn(unit, own[part])),
    stack(own, timeUs, room, paint),
  ];
  const rows = contexts.map((context, place) => row(`context ${place}`, context));
  const share = ['share', ...used.map(([part]) => `${Math.round((100 * breakdown[part]) / timeUs)} %`), ''];
  const titles = [unit.name, ...names, ''];
  const aligns = titles.map((title) => (title === '' || title === unit.name ? 'left' : 'right'));
  return drawTable({ titles, aligns, cells: [...rows, share] }, paint);
}

function stack(breakdown: Breakdown, timeUs: number, room: number, paint: Paint): string {
  let drawn = 0;
  let sum = 0;
  return PARTS.map(([part, , fill, colour]) => {
    sum += breakdown[part];
    const end = Math.round((room * sum) / timeUs);
    const piece = paint[colour](fill.repeat(Math.max(0, end - drawn)));
    drawn = Math.max(drawn, end);
    return piece;
  }).join('');
}
