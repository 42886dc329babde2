import type { Value } from '../../../search-space/parameter.ts';
import type { SpaceDocument } from '../../documents/space.ts';
import { formatCount } from '../../text/number-text.ts';
import { countOf } from '../words/numbers.ts';
import { subjectOf } from '../words/subject.ts';
import { drawConfiguration } from './configuration.ts';
import { drawWithin } from './fit.ts';
import type { Paint } from './paint.ts';
import { width } from './width.ts';

type Constraint = SpaceDocument['constraints'][number];

/** A space as text. `place` says where the study's trials are looked for. */
export function drawSpace(document: SpaceDocument, columns: number, paint: Paint, place: string): string {
  const { default: preferred, members } = document;
  const note = preferred.isMember ? '' : ', which steering excludes; it is timed all the same';
  return [
    drawHead(document, paint),
    `\n${drawParameters(document, columns, paint)}`,
    drawConstraints(document, columns, paint),
    `\n${paint.bold('default')}${note}\n`,
    `${drawConfiguration(preferred.configuration, columns, '  ', paint)}\n`,
    `\n${paint.bold(members.length === document.size ? 'all members' : 'a few members')}\n`,
    ...members.map((member) => `${drawConfiguration(member, columns, '  ', paint)}\n`),
    drawStudy(document, place, paint),
  ].join('');
}

function drawHead({ subject, restrictedTo, size, combinations }: SpaceDocument, paint: Paint): string {
  const on = subject.target === null ? '' : ` on ${paint.bold(subject.target)}`;
  const only = restrictedTo === '' ? '' : `, only ${restrictedTo}`;
  const title = `${subjectOf({ ...subject, name: paint.bold(subject.name) })}${on}${only}`;
  const found = paint.bold(countOf(size, 'configuration'));
  return `${title}\n${found} of ${inGroups(combinations)} combinations of values\n`;
}

function drawParameters({ parameters }: SpaceDocument, columns: number, paint: Paint): string {
  const cells = parameters.map(
    ({ name, mechanism, off, values }) =>
      [name, mechanism ?? '', off === null ? '' : String(off), values] as const,
  );
  const taken = [0, 1, 2].map((at) => Math.max(9, ...cells.map((row) => width(String(row[at])))));
  const room = Math.max(20, columns - taken.reduce((sum, column) => sum + column + 2, 0));
  const titles = ['parameter', 'mechanism', 'off', 'values'];
  const rows = cells.map(([name, mechanism, off, values]) => [name, mechanism, off, fitting(values, room)]);
  return drawWithin({ titles, aligns: titles.map(() => 'left'), cells: rows }, columns, paint);
}

/** "1, 2, 4, … 1,000 in all": as many values as there is room for. */
function fitting(values: readonly Value[], room: number): string {
  const end = `, … ${formatCount(values.length)} in all`;
  let text = '';
  for (const [place, value] of values.entries()) {
    const longer = place === 0 ? String(value) : `${text}, ${value}`;
    const isLast = place === values.length - 1;
    if (place > 0 && width(longer) + (isLast ? 0 : end.length) > room) return text + end;
    text = longer;
  }
  return text;
}

function drawConstraints({ constraints }: SpaceDocument, columns: number, paint: Paint): string {
  if (constraints.length === 0) return '';
  const titles = ['constraint', 'removes alone', 'of what the others leave'];
  const cells = constraints.map(({ sentence, alone, ofTheRest }) => [
    sentence,
    removedWords(alone),
    removedWords(ofTheRest),
  ]);
  const table = { titles, aligns: ['left', 'right', 'right'], cells, yields: ['words'] } as const;
  const isShort = constraints.some(({ alone, ofTheRest }) => alone === null || ofTheRest === null);
  const note = isShort
    ? paint.dim('–: not counted; it takes too much work, or the members are rows of a table\n')
    : '';
  return `\n${drawWithin(table, columns, paint)}${note}`;
}

function removedWords(part: Constraint['alone']): string {
  return part === null ? '–' : `${inGroups(part.count)}, ${percent(part)}`;
}

/** Never "100 %" of a part, and never "0 %" of something. */
function percent({ count, share }: NonNullable<Constraint['alone']>): string {
  if (count === '0') return '0 %';
  if (share < 0.001) return '< 0.1 %';
  return share > 0.999 ? '> 99.9 %' : `${(100 * share).toFixed(1)} %`;
}

function drawStudy({ study }: SpaceDocument, place: string, paint: Paint): string {
  if (study === null) return '';
  const { id, strategy, seed, isKnown, trials } = study;
  const known = isKnown ? `known, with ${countOf(trials, 'trial')}` : 'not there yet';
  const line = `study ${id}, strategy ${strategy}, seed ${seed}; in ${place}: ${known}. Nothing was measured.`;
  return `\n${paint.dim(line)}\n`;
}

/** More digits would fill lines. */
const MOST_DIGITS = 18;

/** 1,048,576; about 1.2e301 */
function inGroups(digits: string): string {
  if (digits.length > MOST_DIGITS) return `about ${digits[0]}.${digits[1]}e${digits.length - 1}`;
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}
