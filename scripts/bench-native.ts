import { findLibraryKernel } from '../src/kernels/library.ts';
import { type NativeBackend, nativeBackend } from '../src/targets/native/backend.ts';
import { type NativeHost, nativeHost } from '../src/targets/native/host.ts';
import type { Variant } from '../tuner/backend.ts';
import { CASES, type NativeCase, SHARED_CASES } from './bench-native/cases.ts';
import { tunedByCommand } from './bench-native/tune.ts';
import { shapeName } from './rivals/case.ts';
import { plainRivals, triadLimits } from './rivals/compilers.ts';
import { contest } from './rivals/contest.ts';
import { libraryRivals } from './rivals/libraries.ts';
import { compiledOnes, type Opponent, type Rival } from './rivals/rival.ts';

/**
 * What `nightshift tune` finds in native code against compilers, libraries and the machine's limits, as ratios of
 * interleaved rounds. `npm run bench -- native [kernel] [--threads N] [--for SECONDS] [--json]`.
 */
type Row = Readonly<{
  kernel: string;
  shape: string;
  threads: number;
  timeUs: number;
  configuration: Readonly<Record<string, unknown>>;
  /** The speed relative to each rival. */
  ratios: Readonly<Record<string, number>>;
  /** Goals that were missed. */
  missed: readonly string[];
}>;

async function main(): Promise<void> {
  const [only] = process.argv.slice(2).filter((word) => /^[a-z]/.test(word));
  const threads = numberAfter('--threads', 1);
  const seconds = numberAfter('--for', 30);
  const cases = (threads === 1 ? CASES : SHARED_CASES).filter(
    ({ kernel }) => only === undefined || kernel === only,
  );
  if (cases.length === 0) throw new Error(`there is no case '${only}'`);
  const host = await nativeHost();
  const compilers = threads === 1 ? ['gcc', 'clang'] : ['gcc'];
  const { rivals, notes } = compiledOnes([
    ...compilers.flatMap((compiler) => plainRivals(compiler, '-march=native', threads)),
    ...libraryRivals(threads),
    ...triadLimits(threads),
  ]);
  for (const note of notes) console.error(note);
  const rows: Row[] = [];
  for (const one of cases) {
    const row = await rowOf(one, host, threads, seconds, rivals);
    rows.push(row);
    if (!process.argv.includes('--json')) console.log(lineOf(row));
  }
  for (const rival of rivals) rival.close();
  if (process.argv.includes('--json')) console.log(JSON.stringify({ host, rows, notes }, null, 2));
}

async function rowOf(
  one: NativeCase,
  host: NativeHost,
  threads: number,
  seconds: number,
  rivals: readonly Rival[],
): Promise<Row> {
  const kernel = findLibraryKernel(one.kernel).build(one.shape, 'f32');
  const backend = await nativeBackend({ kernel, host });
  const variant = await verified(backend, tunedByCommand(one, threads, seconds));
  const single =
    one.scaling === undefined
      ? []
      : [variantRival(backend, await verified(backend, tunedByCommand(one, 1, seconds)))];
  const isTriad = ({ name }: Rival): boolean => name.startsWith('triad');
  const wanted = rivals.filter((rival) => one.triad !== undefined || !isTriad(rival));
  const { timeUs, rivals: others } = await contest(one, backend, variant, [...wanted, ...single]);
  await backend.close();
  const ratios = Object.fromEntries([...others].map(([name, otherUs]) => [name, otherUs / timeUs]));
  const about = { kernel: one.kernel, shape: shapeName(one), threads, timeUs };
  const { configuration } = variant;
  return { ...about, configuration, ratios, missed: missedBy(one, ratios, threads) };
}

/** A variant as a rival of another one of the same backend. */
function variantRival(backend: NativeBackend, variant: Variant): Rival {
  const start = async (): Promise<Opponent> => {
    const session = await backend.session([variant], new AbortController().signal, { fresh: true });
    return {
      sample: async () => {
        const sample = await session.sample(variant);
        return sample.state === 'timed' ? sample.timeUs : undefined;
      },
      end: () => void session.close(),
    };
  };
  return { name: 'one thread', start, close: () => {} };
}

async function verified(backend: NativeBackend, configuration: Variant['configuration']): Promise<Variant> {
  const prepared = await backend.prepare({ configuration, subset: 'vec', origin: 'bench' });
  if (prepared.state === 'invalid') throw new Error(prepared.message);
  const verdict = await backend.verify(prepared.variant);
  if (verdict.state === 'invalid') throw new Error(verdict.message);
  return prepared.variant;
}

/** Goals are for the fastest of the rivals that they name. */
function missedBy(
  { compilers, libraries = {}, triad, scaling }: NativeCase,
  ratios: Row['ratios'],
  threads: number,
): readonly string[] {
  const goals = [
    { rivals: /^(gcc|clang) /, least: compilers },
    { rivals: /^triad/, least: triad },
    { rivals: /^one thread$/, least: scaling && scaling * threads },
    ...Object.entries(libraries).map(([name, least]) => ({ rivals: new RegExp(`^${name}$`), least })),
  ];
  return goals.flatMap(({ rivals, least }) => {
    const [name, ratio] = slowestRatio(ratios, rivals);
    const isMissed = least !== undefined && ratio !== undefined && ratio < least;
    return isMissed ? [`${name} ${ratio.toFixed(2)}× of ${least}×`] : [];
  });
}

function slowestRatio(ratios: Row['ratios'], names: RegExp): readonly [string?, number?] {
  const [first = []] = Object.entries(ratios)
    .filter(([name]) => names.test(name))
    .toSorted(([, a], [, b]) => a - b);
  return first;
}

function numberAfter(flag: string, otherwise: number): number {
  const at = process.argv.indexOf(flag);
  const value = at < 0 ? otherwise : Number(process.argv[at + 1]);
  if (!(value > 0)) throw new Error(`${flag} takes a number above 0`);
  return value;
}

function lineOf({ kernel, shape, timeUs, ratios, missed, configuration }: Row): string {
  const rivals = Object.entries(ratios).map(([name, ratio]) => `${name} ${ratio.toFixed(2)}×`);
  const misses = missed.length === 0 ? [] : [`  missed: ${missed.join('; ')}`];
  const how = `  ${JSON.stringify(configuration)}`;
  return [`${kernel} ${shape}: ${timeUs.toFixed(1)} µs; ${rivals.join(', ')}`, how, ...misses].join('\n');
}

await main();
