// Feeds mutated and hostile inputs to every door, an entry point for text: each parser, each HTTP route.
//   npm run bench:fuzz -- [--inputs 100000] [--seed 1] [--door <name or part of it>] [--first 0]
//     [--seconds <per door>]
// Prints the outcomes for each door, and each crash with the command that repeats it. Exits with 1 after a crash.
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { InputError } from '../search-space/input-error.ts';
import { parserDoors } from './bench-fuzz/doors.ts';
import type { Crash, Outcome, Stream } from './bench-fuzz/fuzz.ts';
import { httpDoors } from './bench-fuzz/http-doors.ts';
import type { FuzzTask } from './bench-fuzz/thread.ts';

/** An input that takes longer counts as a hang. */
const TIMEOUT_MS = 60_000;
const CHECK_MS = 1000;
/** The value before the first input: a thread may start slowly on a busy machine. */
const OUTSIDE = -1;
const THREAD_MIB = 1024;

type Lost = Readonly<{ number: number; error: string }>;

/** Fuzzes a door in its own thread, so that a hang or a lack of memory ends that thread only. */
async function inThread(door: string, stream: Stream): Promise<Outcome | Lost> {
  const inside = new Int32Array(new SharedArrayBuffer(4)).fill(OUTSIDE);
  const worker = new Worker(new URL('./bench-fuzz/thread.js', import.meta.url), {
    workerData: { ...stream, door, inside } satisfies FuzzTask,
    resourceLimits: { maxOldGenerationSizeMb: THREAD_MIB },
  });
  let watch: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Outcome | Lost>((resolve) => {
      const lose = (error: string): void => resolve({ number: Atomics.load(inside, 0), error });
      watch = watchOver(inside, () => lose(`no end after ${TIMEOUT_MS / 1000} s`));
      worker.on('message', (outcome: Outcome) => resolve(outcome));
      worker.on('error', (error) => lose(String(error)));
      worker.on('exit', (code) => lose(`the thread ended with ${code}`));
    });
  } finally {
    clearInterval(watch);
    await worker.terminate();
  }
}

function watchOver(inside: Int32Array, hung: () => void): NodeJS.Timeout {
  let last = OUTSIDE;
  let since = performance.now();
  return setInterval(() => {
    const number = Atomics.load(inside, 0);
    if (number !== last || number === OUTSIDE) since = performance.now();
    last = number;
    if (performance.now() - since > TIMEOUT_MS) hung();
  }, CHECK_MS);
}

function line({ door, inputs, accepted, refused, worstMs, worstBytes, slowest, crashes }: Outcome): string {
  const mib = (worstBytes / 2 ** 20).toFixed(0);
  const figures = [inputs, accepted, refused, worstMs.toFixed(0), slowest, mib, crashes.length];
  return `${door.padEnd(34)}${figures.map((figure) => String(figure).padStart(9)).join('')}`;
}

function repeat(door: string, seed: number, { number, error }: Lost, input?: string): string {
  const command = `npm run bench:fuzz -- --door '${door}' --seed ${seed} --first ${number} --inputs 1`;
  const shown = input === undefined ? '' : `\n  input: ${JSON.stringify(input.slice(0, 2000))}`;
  return `  CRASH ${error.split('\n').slice(0, 4).join('\n    ')}\n  again: ${command}${shown}`;
}

function wholeNumber(field: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new InputError(field, `cannot be '${text}'`, 'a whole number');
}

/** The door of that name; without one, all whose names contain it. */
function doorsNamed(part: string): readonly string[] {
  const names = [...parserDoors, ...httpDoors].map(({ name }) => name);
  return names.includes(part) ? [part] : names.filter((name) => name.includes(part));
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      inputs: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      first: { type: 'string', default: '0' },
      door: { type: 'string', default: '' },
      seconds: { type: 'string' },
    },
  });
  const stream = {
    seed: wholeNumber('--seed', values.seed),
    first: wholeNumber('--first', values.first),
    inputs: wholeNumber('--inputs', values.inputs),
    ...(values.seconds !== undefined && { forMs: 1000 * wholeNumber('--seconds', values.seconds) }),
  };
  console.log(
    `seed ${stream.seed}, inputs ${stream.first} to ${stream.first + stream.inputs - 1} of each door`,
  );
  const titles = ['inputs', 'accepted', 'refused', 'worst ms', 'at input', 'MiB', 'crashes'];
  console.log(`${'door'.padEnd(34)}${titles.map((title) => title.padStart(9)).join('')}`);
  let crashes = 0;
  for (const name of doorsNamed(values.door)) {
    const outcome = await inThread(name, stream);
    const lost: readonly (Crash | Lost)[] = 'door' in outcome ? outcome.crashes : [outcome];
    console.log('door' in outcome ? line(outcome) : `${name.padEnd(34)}  lost`);
    for (const one of lost)
      console.log(repeat(name, stream.seed, one, 'input' in one ? one.input : undefined));
    crashes += lost.length;
  }
  return crashes;
}

try {
  process.exitCode = (await main()) > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
