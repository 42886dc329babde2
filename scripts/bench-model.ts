// The accuracy of the cost model across studies, on simulator data split by shape, by kernel and by target:
//   npm run bench:model [-- --trials 20] [--seed 1] [--format table|json]
// --shapes STORE: how well times of untried shapes are predicted from a store's other shapes, on each of its targets.
// --tables FOLDER: how well configurations of real tables are ranked after tables of other devices.
// --search kernel|target [--seeds 2]: whether the package's model helps to search kernels, or on targets, that it was not
// trained on.
// Held-out data is used neither for training nor for choosing a model's spread.
import { parseArgs } from 'node:util';
import { InputError } from '../search-space/input-error.ts';
import { permutation, randomFor } from '../search-space/random.ts';
import { learners } from '../tuner/models/across/across-model.ts';
import type { Learner } from '../tuner/models/across/learner.ts';
import { trainAcross } from '../tuner/models/across/train.ts';
import { type Figures, figuresOf, meanFigures } from '../tuner/models/figures.ts';
import { tensorflowBackend } from '../tuner/models/tensorflow.ts';
import { type HeldOutDevices, judgeHeldOutDevices } from './bench-model/held-out-devices.ts';
import { judgeHeldOutShapes } from './bench-model/held-out-shapes.ts';
import { type SearchRow, searchLeftOut } from './bench-model/search.ts';
import { type SimulatedStudy, simulatedStudies } from './train-model/simulated-studies.ts';

type Row = Readonly<{ learner: string; unseen: string; studies: number; cpuSeconds: number }> & Figures;

const SPLITS = ['shape', 'kernel', 'target'] as const;
type Split = (typeof SPLITS)[number];

/** One in this many names is held out. */
const ONE_IN = 4;
/** The number of held-out studies to judge, and of trials in each. */
const JUDGED = 40;
const POOL = 200;

async function judge(
  learner: Learner,
  split: Split,
  studies: readonly SimulatedStudy[],
  trials: number,
  seed: number,
): Promise<Row> {
  const names = [...new Set(studies.map((study) => study[split]))];
  const order = permutation(randomFor(seed, split), names.length);
  const away = new Set(order.slice(0, Math.ceil(names.length / ONE_IN)).map((place) => names[place]));
  const shown = studies.filter((study) => !away.has(study[split]));
  const began = process.cpuUsage();
  const { model } = await trainAcross(
    learner,
    shown.map((study) => study.examples(trials, seed)),
    seed,
  );
  const { user, system } = process.cpuUsage(began);
  const held = studies.filter((study) => away.has(study[split]));
  const places = permutation(randomFor(seed, split, 'judged'), held.length).slice(0, JUDGED);
  const figures = places.map((place) => {
    const asked = held[place].examples(POOL, seed + 1);
    return figuresOf(model.predict(asked, asked.configurations), asked.logTimes);
  });
  const cpuSeconds = (user + system) / 1e6;
  return {
    learner: learner.name,
    unseen: split,
    studies: figures.length,
    cpuSeconds,
    ...meanFigures(figures),
  };
}

function table(rows: readonly Row[]): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const cells = rows.map((row) => [
    row.learner,
    row.unseen,
    String(row.studies),
    row.rank.toFixed(3),
    percent(Math.expm1(row.error)),
    percent(row.regret),
    percent(row.inside),
    row.cpuSeconds.toFixed(0),
  ]);
  const lines = [['learner', 'unseen', 'studies', 'rank', 'error', 'regret', 'inside', 'CPU s'], ...cells];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map((line) => line.map((cell, i) => cell.padStart(widths[i])).join('  ')).join('\n');
}

function printSearch(rows: readonly SearchRow[], format: string): void {
  const lines = rows.map(
    ({ kernel, target, budget, without, with: helped }) =>
      `${kernel.padEnd(16)}  ${target.padEnd(12)}  ${String(budget).padStart(6)}  ${without.toFixed(3)}  ${helped.toFixed(3)}`,
  );
  const mean = (values: readonly number[]): string =>
    (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(3);
  const means = [...new Set(rows.map(({ budget }) => budget))].map((budget) => {
    const same = rows.filter((row) => row.budget === budget);
    const least = Math.min(...same.map((row) => row.with - row.without)).toFixed(3);
    return `mean after ${budget}: ${mean(same.map((row) => row.without))} alone, ${mean(same.map((row) => row.with))} with the model; greatest loss ${least}`;
  });
  if (format === 'json') console.log(JSON.stringify({ rows }, null, 2));
  else
    console.log(
      ['kernel            target        trials  alone  with the model', ...lines, ...means].join('\n'),
    );
}

function printDevices(rows: readonly HeldOutDevices[]): void {
  for (const { learner, tables, rank, error, regret } of rows)
    console.log(
      `${learner.padEnd(8)} ${tables} tables: rank ${rank.toFixed(3)}, error ${(100 * Math.expm1(error)).toFixed(1)} %, regret ${(100 * regret).toFixed(1)} %`,
    );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      trials: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      search: { type: 'string' },
      seeds: { type: 'string', default: '2' },
      shapes: { type: 'string' },
      tables: { type: 'string' },
      format: { type: 'string', default: 'table' },
    },
  });
  if (values.shapes !== undefined) return judgeHeldOutShapes(values.shapes);
  if (values.format !== 'table' && values.format !== 'json') {
    throw new InputError('--format', `cannot be '${values.format}'`, 'table or json');
  }
  const [trials, seed] = [Number(values.trials), Number(values.seed)];
  if (!(Number.isInteger(trials) && trials >= 10))
    throw new InputError('--trials', 'is a whole number from 10');
  if (!Number.isInteger(seed)) throw new InputError('--seed', 'is a whole number');
  if (values.tables !== undefined)
    return printDevices(await judgeHeldOutDevices(values.tables, learners, seed));
  const studies = simulatedStudies();
  if (values.search !== undefined) {
    if (values.search !== 'kernel' && values.search !== 'target')
      throw new InputError('--search', `cannot be '${values.search}'`, 'kernel or target');
    return printSearch(await searchLeftOut(values.search, studies, Number(values.seeds)), values.format);
  }
  const rows: Row[] = [];
  for (const learner of learners) {
    for (const split of SPLITS) rows.push(await judge(learner, split, studies, trials, seed));
  }
  if (values.format === 'json')
    console.log(JSON.stringify({ backend: await tensorflowBackend(), rows }, null, 2));
  else console.log(`${table(rows)}\nnetwork on TensorFlow.js '${await tensorflowBackend()}'`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  if (!(error instanceof InputError) && !('code' in error)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
