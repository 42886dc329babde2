// The accuracy of the cost model across studies, on simulator data split by shape, by kernel and by target:
//   npm run bench:model [-- --trials 20] [--seed 1] [--search] [--format table|json]
// --shapes STORE: how well times of untried shapes are predicted from a store's other shapes, on each of its targets.
// --search: whether the better learner helps a search of held-out kernels.
// Held-out data is used neither for training nor for choosing a model's spread.
import { parseArgs } from 'node:util';
import { InputError } from '../search-space/input-error.ts';
import { permutation, randomFor } from '../search-space/random.ts';
import { learners } from '../tuner/models/across/across-model.ts';
import type { Learner } from '../tuner/models/across/learner.ts';
import { trainAcross } from '../tuner/models/across/train.ts';
import { treesLearner } from '../tuner/models/across/trees-learner.ts';
import { type Figures, figuresOf, meanFigures } from '../tuner/models/figures.ts';
import { tensorflowBackend } from '../tuner/models/tensorflow.ts';
import { judgeHeldOutShapes } from './bench-model/held-out-shapes.ts';
import { type SearchRow, searchWithModel } from './bench-model/search.ts';
import { type SimulatedStudy, simulatedStudies } from './bench-model/simulated-studies.ts';

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
    ({ kernel, budget, without, with: helped }) =>
      `${kernel.padEnd(8)}  ${String(budget).padStart(6)}  ${without.toFixed(3)}  ${helped.toFixed(3)}`,
  );
  if (format === 'json') console.log(JSON.stringify({ rows }, null, 2));
  else console.log(['kernel    trials  alone  with the model', ...lines].join('\n'));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      trials: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      search: { type: 'boolean', default: false },
      shapes: { type: 'string' },
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
  const studies = simulatedStudies();
  if (values.search) return printSearch(await searchWithModel(treesLearner, studies, trials), values.format);
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
