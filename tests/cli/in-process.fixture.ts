import { answer } from '../../src/cli/answer.ts';
import { openSession, type Surface } from '../../src/cli/session.ts';
import { plain } from '../../src/report/terminal/paint.ts';
import { systemClock } from '../../tuner/clock.ts';
import type { Ended } from './command-line.fixture.ts';

const PIPE = { isTerminal: false, columns: 100, room: Number.POSITIVE_INFINITY, paint: plain };

/** Runs a command line in this process; returns its output and exit code. */
export async function inProcess(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  shown: Omit<Surface, 'height'> = PIPE,
  startedMs = systemClock.elapsed(),
): Promise<Ended> {
  const surface = { ...shown, height: Number.POSITIVE_INFINITY };
  let stdout = '';
  let stderr = '';
  const session = openSession({
    toStdout: (text) => {
      stdout += text;
    },
    toStderr: (text) => {
      stderr += text;
    },
    out: surface,
    err: surface,
    env,
    clock: systemClock,
    startedMs,
    interruption: () => new AbortController().signal,
  });
  const code = await answer(words, session);
  return { code, stdout, stderr };
}
