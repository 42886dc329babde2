import { targetKinds } from '../../../store/target-kinds.ts';
import { type GainFigure, isKnown, type OrUnknown } from '../../../tuner/attribution/gain.ts';
import { limitText, readObjective } from '../../../tuner/objectives/objective.ts';
import type { BestDocument, RobustDocument } from '../../documents/best.ts';
import { timeIn, timeUnitFor } from '../../text/time-text.ts';
import { reasonWords, unknownWord } from '../../text/unknown-words.ts';
import { asFastWords } from '../words/as-fast.ts';
import { formatFactor, formatGain, formatTimeInterval, fromWords } from '../words/numbers.ts';
import { verifiedWords } from '../words/verified.ts';
import { drawConfiguration } from './configuration.ts';
import { drawFront } from './front.ts';
import type { Paint } from './paint.ts';
import { drawTitle } from './study-title.ts';
import { drawTable } from './table.ts';
import { wrapped } from './width.ts';

/** The configuration to use, with its time and provenance. */
export function drawBest(best: Omit<BestDocument, 'schemaVersion'>, columns: number, paint: Paint): string {
  return [
    drawTitle(best, targetKinds[best.provenance.from].label, paint),
    `${drawConfiguration(best.configuration, columns, '  ', paint)}\n`,
    drawTime(best, columns, paint),
    drawLimited(best),
    best.front === undefined ? '' : drawFront(best.front, best.provenance.from, columns, paint),
    paint.dim(wrapped(describeProvenance(best), columns)),
    ...[asFastWords(best)].filter((text) => text !== '').map((text) => wrapped(text, columns)),
    ...best.notes.map((note) => wrapped(`${paint.yellow('!')} ${note}`, columns)),
  ].join('');
}

function drawTime(
  { timeUs, interval, intervalFrom, gainOverDefault, provenance }: Omit<BestDocument, 'schemaVersion'>,
  columns: number,
  paint: Paint,
): string {
  if (!isKnown(timeUs)) return wrapped(`time ${reasonWords(timeUs)}`, columns);
  const unit = timeUnitFor([timeUs]);
  const between = isKnown(interval) ? ` ${formatTimeInterval(interval, unit)}` : '';
  const gain = `, ${gainWords(gainOverDefault)}`;
  const isPredicted = provenance.how === 'predicted' || provenance.how === 'nearest shape';
  const label = isPredicted ? 'predicted' : targetKinds[provenance.from].label;
  const time = `${paint.bold(timeIn(unit, timeUs))} ${unit.name}${between} ${label}`;
  return wrapped(`${time}${fromWords(intervalFrom)}${gain}`, columns);
}

/** "energyJ 1.533, within energyJ<=2": what is known of each limit but the time's; a front has its own table. */
function drawLimited({ objective, metrics = {}, front }: Omit<BestDocument, 'schemaVersion'>): string {
  if (objective === undefined || front !== undefined) return '';
  const limits = readObjective(objective).limits.filter(({ name }) => Object.hasOwn(metrics, name));
  return limits
    .map((limit) => `${limit.name} ${Number(metrics[limit.name].toPrecision(6))}, for ${limitText(limit)}\n`)
    .join('');
}

/** "4.57× as fast as the default", or why that is not known. */
function gainWords(gain: GainFigure): string {
  if (isKnown(gain)) return `${formatGain(gain)} as fast as the default`;
  return gain.unknown === 'not applicable' ? gain.why : `gain over the default ${reasonWords(gain)}`;
}

/** "observed by a final comparison; study 1a2b, 2026-11-23, nightshift 0.1.0" */
function describeProvenance({
  provenance,
  basis,
  study,
  measuredAt,
  toolVersion,
}: Omit<BestDocument, 'schemaVersion'>) {
  const { how, shape, distance, verified } = provenance;
  const at = shape === undefined ? '' : ` ${shape}, ${distance?.toFixed(2)} doublings away`;
  const by = basis === 'comparison' ? ', by a final comparison' : '';
  const origin =
    study === null ? '' : `; study ${study}, ${measuredAt?.slice(0, 10)}, nightshift ${toolVersion}`;
  const shown = verified === undefined ? '' : `; ${verifiedWords(verified)}`;
  return `${how}${at}${by}${shown}${origin}`;
}

/** One configuration for several shapes, with its time and regret at each. */
export function drawRobust(robust: RobustDocument, columns: number, paint: Paint): string {
  const { configuration, shapes, from, worstRegret, considered } = robust;
  const unit = timeUnitFor(shapes.map(({ timeUs }) => timeUs));
  const cells = shapes.map(({ shape, timeUs, regret }) => [shape, timeIn(unit, timeUs), regretCell(regret)]);
  const titles = ['shape', `${unit.name} ${targetKinds[from].label}`, 'against its best'];
  const title = { ...robust, shape: shapes.map(({ shape }) => shape).join(', ') };
  return [
    drawTitle(title, targetKinds[from].label, paint),
    `${drawConfiguration(configuration, columns, '  ', paint)}\n`,
    drawTable({ titles, aligns: ['right', 'right', 'right'], cells }, paint),
    `${worstWords(worstRegret, considered)}\n`,
  ].join('');
}

function regretCell(regret: OrUnknown<number>): string {
  if (!isKnown(regret)) return unknownWord(regret);
  return regret === 1 ? 'best known' : formatFactor(regret);
}

function worstWords(worst: OrUnknown<number>, considered: number): string {
  if (!isKnown(worst)) return `How much slower it is than the best is ${reasonWords(worst)}.`;
  if (worst === 1) return 'It is the best known at each of these shapes.';
  return `At worst ${formatFactor(worst)} the time of the best known; no other of ${considered} configurations has less.`;
}
