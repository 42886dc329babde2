#!/usr/bin/env node
import { systemClock } from '../../tuner/clock.ts';
import { visible } from '../languages/visible.ts';
import { answer } from './answer.ts';
import { exitCodeOf } from './exit-codes.ts';
import { listenForInterruption } from './interruption.ts';
import { describeError } from './report-error.ts';
import { openSession, surfaceOf } from './session.ts';
import { print, say, watchStreams } from './streams.ts';

/** Reports an uncaught error like any other. */
function fail(error: unknown): never {
  for (const line of describeError(error, process.env)) say(`${visible(line)}\n`);
  process.exit(exitCodeOf(error));
}

watchStreams(fail);
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

const session = openSession({
  toStdout: print,
  toStderr: say,
  out: surfaceOf(process.stdout, process.env),
  err: surfaceOf(process.stderr, process.env),
  env: process.env,
  clock: systemClock,
  startedMs: systemClock.elapsed() - 1000 * process.uptime(),
  interruption: (words) => listenForInterruption(say, words),
});
process.exitCode = await answer(process.argv.slice(2), session);
