// Makes the pictures of README.md and docs/ anew, from what the program really prints and shows.
//   npm run pictures
// Needs Chromium. Everything is simulated with fixed seeds: but for the date of the plan, a picture changes only where the
// program does.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answer } from '../src/cli/answer.ts';
import { openSession } from '../src/cli/session.ts';
import { ansi } from '../src/report/terminal/paint.ts';
import { systemClock } from '../tuner/clock.ts';
import { startDaemon } from './bench-pages/daemon.ts';
import { takePictures } from './pictures/pages.ts';
import { terminalSvg } from './pictures/terminal-svg.ts';

const FOLDER = 'docs/pictures';
const TARGET = 'hexagon-mlir';
/** A small model: each kernel as often as it is called. */
const PLAN = {
  seed: 1,
  targets: [TARGET],
  strategy: 'random',
  budget: { trials: 60 },
  studies: [
    { kernel: 'matmul', shapes: ['256x768x256', '256x1024x256'], calls: 12 },
    { kernel: 'softmax', shapes: ['1024x128'], calls: 12 },
    { kernel: 'gelu', shapes: ['262144'], calls: 12 },
    { kernel: 'rms-norm', shapes: ['256x256'], calls: 25 },
    { kernel: 'rope', shapes: ['8x128x64'], calls: 24 },
    { kernel: 'vector-add', shapes: ['65536'], calls: 24 },
  ],
};

/** One buffer and two threads above two buffers and four threads. */
const TRACE = [
  'trace gelu --shape 65536 --target hexagon-v75 --svg --set vectorBytes=128 --set unroll=4 --set threads=4',
  '--set staging=dma --set tile=2048 --set buffers=2',
  '--against vectorBytes=128,unroll=4,threads=2,staging=dma,tile=4096',
].join(' ');

type Printed = Readonly<{ shown: string; notes: string }>;

/** Runs a command line in this process, and returns what a terminal of 96 columns shows. */
async function run(store: string, line: string): Promise<Printed> {
  let shown = '';
  let notes = '';
  const surface = { isTerminal: false, columns: 96, room: 96, height: 96, paint: ansi };
  const session = openSession({
    toStdout: (text) => {
      shown += text;
    },
    toStderr: (text) => {
      notes += text;
    },
    out: surface,
    err: surface,
    env: { NIGHTSHIFT_STORE: store },
    clock: systemClock,
    startedMs: systemClock.elapsed(),
    interruption: () => new AbortController().signal,
  });
  const code = await answer(line.split(' '), session);
  if (code !== 0) throw new Error(`nightshift ${line} ended with ${code}: ${notes}`);
  return { shown, notes };
}

/** What a reader types and sees: of a long answer the first `most` sections, then an ellipsis. */
function typed(line: string, shown: string, most = Number.POSITIVE_INFINITY): string {
  const sections = shown.trimEnd().split('\n\n');
  const cut = sections.length > most ? [...sections.slice(0, most), ansi.dim('…')] : sections;
  return `${ansi.dim('$')} ${ansi.bold(`npx nightshift ${line}`)}\n${cut.join('\n\n')}\n`;
}

async function terminalPicture(store: string): Promise<string> {
  const tuning = `tune gelu --target ${TARGET}`;
  const tuned = await run(store, tuning);
  const why = await run(store, 'why gelu');
  return terminalSvg(
    `What nightshift ${tuning} and nightshift why gelu print: the configuration to use with its gain, the ladder of mechanisms, and why it wins`,
    `${typed(tuning, tuned.shown, 3)}\n${typed('why gelu', why.shown)}`,
  );
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-pictures-'));
  const store = join(folder, 'night.db');
  try {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, 'terminal.svg'), await terminalPicture(store));
    writeFileSync(join(FOLDER, 'timelines.svg'), (await run(store, TRACE)).shown);
    const daemon = await startDaemon(store);
    try {
      await takePictures(daemon, PLAN, FOLDER);
    } finally {
      await daemon.end();
    }
    console.log(`Pictures written into ${FOLDER}: look at each before you commit it.`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await main();
