import { InputError } from '../../search-space/input-error.ts';
import { randomFor } from '../../search-space/random.ts';
import { mutated } from './mutate.ts';

/** A place where text from outside comes in. */
export type Door = Readonly<{ name: string; open(): Promise<OpenDoor> }>;

export type OpenDoor = Readonly<{
  /** Inputs that are taken as they are. */
  examples: readonly string[];
  /** Whether it was taken. InputError is a refusal, too; any other error is a crash. */
  enter(input: string): boolean | Promise<boolean>;
  /** Called before each input; its time does not count. */
  prepare?(): Promise<void>;
  close?(): Promise<void>;
}>;

export type Crash = Readonly<{ input: string; number: number; error: string }>;

/** What became of a door's inputs. Times in milliseconds, memory in bytes. */
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

/** Which inputs: those from `first` on, of the stream that the seed and the door's name fix. */
export type Stream = Readonly<{
  seed: number;
  first: number;
  inputs: number;
  /** Ends the stream early: milliseconds. */
  forMs?: number;
}>;

const MOST_CRASHES = 20;

/** Puts inputs through a door. `before` is told each input's number: a door that hangs is seen from outside. */
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
