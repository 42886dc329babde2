import { InputError } from '../../../search-space/input-error.ts';
import { csvLines } from './csv-table.ts';
import { type DeviceLog, type LogRow, resolutionOf } from './log-row.ts';

const COLUMNS = ['kernel', 'shape', 'dtype', 'configuration', 'time'] as const;
/** What the time may be called, with the µs of its unit. */
const TIMES: Readonly<Record<string, number>> = { time: 1, time_us: 1, time_ms: 1000, time_ns: 0.001 };

export function looksLikeCsvLog(text: string): boolean {
  const [first = ''] = text.split('\n', 1);
  const titles = first.split(',').map((title) => title.trim().replaceAll('"', ''));
  return titles.includes('kernel') && titles.some((title) => Object.hasOwn(TIMES, title));
}

/**
 * A table with a line of titles: `kernel` and `time` (or `time_us`, `time_ms`, `time_ns`; without a unit µs), and if need
 * be `shape`, `dtype` and `configuration`, as "threads=4;staging=dma". Throws InputError that names the line.
 */
export function readCsvLog(name: string, text: string): DeviceLog {
  const [titles, ...lines] = csvLines(name, text);
  const places = new Map(titles.cells.map((title, place) => [title, place]));
  const unknown = titles.cells.find((title) => !isColumn(title));
  if (unknown !== undefined) {
    const known = `${COLUMNS.join(', ')}; the time also as ${Object.keys(TIMES).slice(1).join(', ')}`;
    throw new InputError(
      `${name}, line ${titles.line}`,
      `'${unknown}' is no column`,
      `the columns are ${known}`,
    );
  }
  if (places.size < titles.cells.length)
    throw new InputError(`${name}, line ${titles.line}`, 'names a column twice');
  const rows = lines.map(({ line, cells }): LogRow => {
    const place = `${name}, line ${line}`;
    if (cells.length !== titles.cells.length) {
      const problem = `has ${cells.length} cells, but there are ${titles.cells.length} columns`;
      throw new InputError(place, problem, 'put a cell with commas in double quotes');
    }
    const cell = (title: string): string => cells[places.get(title) ?? -1] ?? '';
    if (cell('kernel') === '') throw new InputError(place, 'names no kernel');
    return {
      place,
      kernel: cell('kernel'),
      ...(cell('shape') !== '' && { shape: cell('shape') }),
      ...(cell('dtype') !== '' && { dtype: cell('dtype') }),
      set: cell('configuration')
        .split(/[;,\s]+/)
        .filter((word) => word !== ''),
      time: timeOf(place, titles.cells, cells),
    };
  });
  return { rows, leftOut: [], notes: [] };
}

function isColumn(title: string): boolean {
  return COLUMNS.some((column) => column === title) || Object.hasOwn(TIMES, title);
}

function timeOf(place: string, titles: readonly string[], cells: readonly string[]): LogRow['time'] {
  const column = titles.findIndex((title) => Object.hasOwn(TIMES, title));
  const written = cells[column];
  const unit = TIMES[titles[column]];
  const us = Number(written) * unit;
  if (!/^\d*\.?\d+(e[+-]?\d+)?$/i.test(written) || !(us > 0) || !Number.isFinite(us)) {
    const hint = `${titles[column]} is a number above 0`;
    throw new InputError(place, `its time is '${written}'`, hint);
  }
  return { us, resolutionUs: resolutionOf(written) * unit };
}
