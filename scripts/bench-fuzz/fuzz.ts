import { InputError } from '../../search-space/input-error.ts';
import { randomFor } from '../../search-space/random.ts';
import { mutated } from './mutate.ts';

/** An entry point for text from outside. */
export type Door = Readonly<{ name: string; open(): Promise<OpenDoor> }>;

export type OpenDoor = Readonly<{
  /** Valid inputs. */
  examples: readonly string[];
  /** Whether the input was accepted. Throwing InputError refuses it; any other error is a crash. */
  enter(input: string): boolean | Promise<boolean>;
  /** Called before each input; its time does not count. */
  prepare?(): Promise<void>;
  close?(): Promise<void>;
}>;

export type Crash = Readonly<{ input: string; number: number; error: string }>;

/** The results of a door's inputs. Times in milliseconds, memory in bytes; `slowest` is an input's number. */
export type Outcome = Readonly<{
  door: string;
  inputs: number;
  accepted: number;
  refused: number;
  worstMs: number;
  worstBytes: number;
  slowest: number;
  crashes: readonly Crash[];
}>;

/** The inputs from number `first` on of the stream that depends on the seed and the door's name. */
export type Stream = Readonly<{
  seed: number;
  first: number;
  inputs: number;
  /** The longest time for the stream, in milliseconds. */
  forMs?: number;
}>;

const MOST_CRASHES = 20;

/** Feeds inputs to a door. Calls `before` with each input's number, so that another thread can detect a hang. */
export async function fuzz(
  door: Door,
  { seed, first, inputs, forMs = Number.POSITIVE_INFINITY }: Stream,
  before: (number: number) => void = () => {},
): Promise<Outcome> {
  const { examples, enter, prepare, close } = await door.open();
  const outcome = { accepted: 0, refused: 0, worstMs: 0, worstBytes: 0, slowest: first };
  const crashes: Crash[] = [];
  const until = performance.now() + forMs;
  let number = first;
  for (; number < first + inputs && performance.now() < until; number++) {
    before(number);
    const input = inputOf(door.name, examples, seed, number);
    await prepare?.();
    const bytes = process.memoryUsage.rss();
    const start = performance.now();
    const came = await attempt(enter, input);
    const spent = performance.now() - start;
    outcome.worstBytes = Math.max(outcome.worstBytes, process.memoryUsage.rss() - bytes);
    if (spent > outcome.worstMs) Object.assign(outcome, { worstMs: spent, slowest: number });
    if (typeof came === 'boolean') outcome[came ? 'accepted' : 'refused']++;
    else if (crashes.length < MOST_CRASHES) crashes.push({ input, number, error: came.error });
  }
  await close?.();
  return { door: door.name, inputs: number - first, ...outcome, crashes };
}

/** The first inputs are the examples themselves. */
export function inputOf(door: string, examples: readonly string[], seed: number, number: number): string {
  return examples[number] ?? mutated(randomFor(seed, door, number), examples);
}

async function attempt(enter: OpenDoor['enter'], input: string): Promise<boolean | { error: string }> {
  try {
    return await enter(input);
  } catch (error) {
    if (error instanceof InputError) return false;
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
