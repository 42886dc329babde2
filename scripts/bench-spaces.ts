// Times the construction of search spaces, exact count included:
//   npm run bench:spaces -- --definitions <file> [--format table|json]
// The file is a list of definitions (any format of docs/spaces.md), or a single one.
import { parseArgs } from 'node:util';
import { defineSpace } from '../search-space/define-space.ts';
import { InputError } from '../search-space/input-error.ts';
import { readSpaceFile } from '../search-space/space-file.ts';
import { readJson } from '../src/text/read-json.ts';

type Row = Readonly<{ name: string; valid: number; seconds: number }>;

/** Each space is constructed at least this often and for at least this long; the median is reported. */
const fewest = 5;
const longEnough = 0.5;

function measure(definition: unknown, place: number): Row {
  const seconds: number[] = [];
  let valid = 0;
  let name = `definition ${place + 1}`;
  for (let spent = 0; seconds.length < fewest || spent < longEnough; spent += seconds.at(-1) ?? 0) {
    const start = performance.now();
    const read = readSpaceFile(definition);
    valid = defineSpace(read.parameters, read.constraints).size;
    seconds.push((performance.now() - start) / 1000);
    name = read.name ?? name;
  }
  seconds.sort((a, b) => a - b);
  return { name, valid, seconds: seconds[seconds.length >> 1] };
}

function table(rows: readonly Row[]): string {
  const width = Math.max(4, ...rows.map(({ name }) => name.length));
  const line = (name: string, valid: string, seconds: string) =>
    `${name.padEnd(width)}  ${valid.padStart(16)}  ${seconds.padStart(10)}`;
  const body = rows.map((row) => line(row.name, row.valid.toLocaleString('en'), row.seconds.toFixed(6)));
  return [line('name', 'valid', 'seconds'), ...body].join('\n');
}

function main(): void {
  const { values } = parseArgs({
    options: { definitions: { type: 'string' }, format: { type: 'string', default: 'table' } },
  });
  if (values.definitions === undefined)
    throw new InputError('--definitions', 'is missing', 'give a JSON file');
  if (values.format !== 'table' && values.format !== 'json') {
    throw new InputError('--format', `cannot be '${values.format}'`, 'table or json');
  }
  const data = readJson('--definitions', values.definitions);
  const rows = (Array.isArray(data) ? data : [data]).map(measure);
  console.log(values.format === 'json' ? JSON.stringify(rows, null, 2) : table(rows));
}

try {
  main();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  if (!(error instanceof InputError) && !('code' in error)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
