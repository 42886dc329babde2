#!/usr/bin/env node
import { systemClock } from '../../tuner/clock.ts';
import { answer } from './answer.ts';
import { listenForInterruption } from './interruption.ts';
import { surfaceOf } from './session.ts';

const print = (text: string): void => void process.stdout.write(text);
const say = (text: string): void => void process.stderr.write(text);

/** A reader that has seen enough (`| head`) is no error. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

process.exitCode = await answer(process.argv.slice(2), {
  print,
  printJson: (document) => print(`${JSON.stringify(document, null, 2)}\n`),
  say,
  out: surfaceOf(process.stdout, process.env),
  err: surfaceOf(process.stderr, process.env),
  env: process.env,
  clock: systemClock,
  interruption: () => listenForInterruption(say),
});
