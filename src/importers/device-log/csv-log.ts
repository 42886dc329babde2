import { InputError } from '../../../search-space/input-error.ts';
import { LeftOutTally } from '../left-out.ts';
import { csvLines } from './csv-table.ts';
import { type DeviceLog, LEAST_US, type LogRow, MOST_US, OUT_OF_BOUNDS, resolutionOf } from './log-row.ts';

const COLUMNS = ['kernel', 'shape', 'dtype', 'configuration', 'time'] as const;
/** What the time may be called, with the µs of its unit. */
const TIMES: Readonly<Record<string, number>> = { time: 1, time_us: 1, time_ms: 1000, time_ns: 0.001 };

export function looksLikeCsvLog(text: string): boolean {
  const titles = titlesOf(text, ',');
  return titles.includes('kernel') && titles.some(isTime);
}

/** What a table lacks that nearly is one; undefined for what is none. */
export function lackOfCsvLog(text: string): string | undefined {
  for (const mark of [';', '\t'])
    if (titlesOf(text, mark).includes('kernel'))
      return `the mark between its columns is a ${mark === ';' ? 'semicolon' : 'tab'}, not a comma`;
  const titles = titlesOf(text, ',');
  if (titles.includes('kernel')) return 'no column has the time: time_us, time_ms or time_ns';
  return titles.some(isTime) ? 'no column has the kernel' : undefined;
}

function titlesOf(text: string, mark: string): readonly string[] {
  const [first = ''] = text.split('\n', 1);
  return first.split(mark).map((title) => title.trim().replaceAll('"', ''));
}

function isTime(title: string): boolean {
  return Object.hasOwn(TIMES, title);
}

/**
 * A table with a line of titles: `kernel` and `time` (or `time_us`, `time_ms`, `time_ns`; without a unit µs), and if need
 * be `shape`, `dtype` and `configuration`, as "threads=4;staging=dma". Other columns are not read, and a row that cannot
 * be taken is left out. Throws InputError for titles that leave open what is meant, and names the line.
 */
export function readCsvLog(name: string, text: string): DeviceLog {
  const [titles, ...lines] = csvLines(name, text);
  const places = placesOf(`${name}, line ${titles.line}`, titles.cells);
  const tally = new LeftOutTally();
  const rows = lines.flatMap(({ line, cells }): LogRow[] => {
    const place = `${name}, line ${line}`;
    const cell = (title: string): string => cells[places.get(title) ?? -1] ?? '';
    const time = timeOf(titles.cells, cells);
    const set = cell('configuration')
      .split(/[;,\s]+/)
      .filter((word) => word !== '');
    const reason = reasonAgainst(
      titles.cells,
      cells,
      cell('kernel'),
      set,
      time,
      writtenTime(titles.cells, cells),
    );
    if (reason !== undefined) {
      tally.add('results', reason, () => `${place}: ${cells.join(',')}`);
      return [];
    }
    return [
      {
        place,
        kernel: cell('kernel'),
        ...(cell('shape') !== '' && { shape: cell('shape') }),
        ...(cell('dtype') !== '' && { dtype: cell('dtype') }),
        set,
        time,
      },
    ];
  });
  const others = titles.cells.filter((title) => !isColumn(title));
  const notes =
    others.length === 0 ? [] : [`${name}: not read: ${others.join(', ')} (the columns are ${COLUMN_WORDS})`];
  return { rows, leftOut: tally.all, notes };
}

const COLUMN_WORDS = `${COLUMNS.join(', ')}; the time also as ${Object.keys(TIMES).slice(1).join(', ')}`;

/** Where each column is. Throws InputError for one that is there twice, and for what may be meant as another's title. */
function placesOf(place: string, titles: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map(titles.map((title, i) => [title, i]));
  const times = titles.filter(isTime);
  const twice =
    titles.find((title, i) => titles.indexOf(title) < i) ?? (times.length > 1 ? times.join(', ') : undefined);
  if (twice !== undefined) throw new InputError(place, `names a column twice (${twice})`);
  const meant = titles.find(
    (title) => !isColumn(title) && COLUMNS.some((column) => column.slice(0, 4) === title.slice(0, 4)),
  );
  if (meant === undefined) return places;
  throw new InputError(place, `'${meant}' is no column`, `the columns are ${COLUMN_WORDS}`);
}

function isColumn(title: string): boolean {
  return COLUMNS.some((column) => column === title) || Object.hasOwn(TIMES, title);
}

/** Why a row cannot be taken; undefined where it can. */
function reasonAgainst(
  titles: readonly string[],
  cells: readonly string[],
  kernel: string,
  set: readonly string[],
  { us }: Readonly<{ us: number }>,
  written: string,
): string | undefined {
  if (cells.length !== titles.length)
    return `has not as many cells as there are columns (${titles.length}; a cell with commas is put in double quotes)`;
  if (kernel === '') return 'names no kernel';
  const names = set.map((word) => word.split('=', 1)[0]);
  const twice = names.find((one, i) => names.indexOf(one) < i);
  if (twice !== undefined) return `sets ${twice} more than once`;
  if (/^\d+,\d+$/.test(written)) return 'its time has a decimal comma; write a point';
  if (!(us > 0)) return 'its time is no number above 0';
  if (us < LEAST_US || us > MOST_US) return OUT_OF_BOUNDS;
  return undefined;
}

function writtenTime(titles: readonly string[], cells: readonly string[]): string {
  return cells[titles.findIndex(isTime)] ?? '';
}

/** NaN for what is no number. */
function timeOf(titles: readonly string[], cells: readonly string[]): { us: number; resolutionUs: number } {
  const written = writtenTime(titles, cells);
  const unit = TIMES[titles.find(isTime) ?? ''];
  if (!/^\d*\.?\d+(e[+-]?\d+)?$/i.test(written)) return { us: Number.NaN, resolutionUs: Number.NaN };
  return { us: Number(written) * unit, resolutionUs: resolutionOf(written) * unit };
}
