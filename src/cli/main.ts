#!/usr/bin/env node
import { systemClock } from '../../tuner/clock.ts';
import { commands } from './commands/index.ts';
import { exitCodeOf } from './exit-codes.ts';
import { listenForInterruption } from './interruption.ts';
import { perform } from './program.ts';
import { describeError } from './report-error.ts';
import { type Session, surfaceOf } from './session.ts';
import { toolVersion } from './version.ts';

const say = (text: string): void => void process.stderr.write(text);

const print = (text: string): void => void process.stdout.write(text);

const session: Session = {
  print,
  printJson: (document) => print(`${JSON.stringify(document, null, 2)}\n`),
  say,
  out: surfaceOf(process.stdout, process.env),
  err: surfaceOf(process.stderr, process.env),
  env: process.env,
  clock: systemClock,
  interruption: () => listenForInterruption(say),
};

/** A reader that has seen enough (`| head`) is no error. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

try {
  await perform(process.argv.slice(2), commands, session, toolVersion);
} catch (error) {
  say(`nightshift: ${describeError(error, process.env)}\n`);
  process.exitCode = exitCodeOf(error);
}
