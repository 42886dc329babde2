import { hypervolume, paretoOptima, type Values } from '../tuner/objectives/front.ts';
import type { StrategyFactory } from '../tuner/strategies/_base.ts';
import { contendersFor } from './bench-pareto/contenders.ts';
import { FAMILIES, madeUp, type Problem, simulated } from './bench-pareto/problems.ts';

/**
 * Searches for Pareto optima, by the hypervolume that they find of the enumerated front's, on made-up families and on
 * the simulator. `node dist/scripts/bench-pareto.js [seeds] [cheap] [family ...]`. With `cheap`, trials cost what the
 * simulator's do, so that a search may not think for long.
 */
const BUDGETS = [25, 50, 100, 200];
/** The volume counts up to this multiple of the front's width, from its best values. */
const REFERENCE = 1.1;
const CHEAP_MS = 0.1;
const SIMULATED = [
  () => simulated('gelu', 'hexagon-v75', ['scratchpadBytes']),
  () => simulated('softmax', 'hexagon-v75', ['threads']),
  () => simulated('softmax', 'hexagon-v75', ['scratchpadBytes', 'threads']),
];

const [seedsGiven = '3', ...words] = process.argv.slice(2);
const seeds = Array.from({ length: Number(seedsGiven) }, (_, n) => n + 1);
const cost = words.includes('cheap') ? { trialCostMs: CHEAP_MS } : {};
const wanted = words.filter((word) => word !== 'cheap');
const groups = [...FAMILIES, 'simulator' as const].filter(
  (name) => wanted.length === 0 || wanted.includes(name),
);
for (const name of groups) await compare(name);

async function compare(group: (typeof groups)[number]): Promise<void> {
  const scores = new Map<string, number[][]>();
  for (const problem of await problemsOf(group)) {
    const front = enumeratedFront(problem);
    const rows = new Map<string, number[][]>();
    for (const seed of seeds)
      for (const factory of contendersFor(front[0].length)) {
        const reached = run(problem, factory, seed, front);
        rows.set(factory.name, [...(rows.get(factory.name) ?? []), reached]);
        scores.set(factory.name, [...(scores.get(factory.name) ?? []), reached]);
      }
    const count = `${problem.space.size} configurations, ${front.length} Pareto optima`;
    if (group === 'simulator') print(`${problem.name} (${count})`, rows);
  }
  print(group, scores);
}

async function problemsOf(group: (typeof groups)[number]): Promise<readonly Problem[]> {
  if (group === 'simulator') return Promise.all(SIMULATED.map((make) => make()));
  return Array.from({ length: 4 }, (_, n) => madeUp(group, n + 1));
}

function print(title: string, scores: ReadonlyMap<string, readonly (readonly number[])[]>): void {
  console.log(`\n${title}: share of the front's hypervolume after ${BUDGETS.join(', ')} trials`);
  for (const [name, rows] of scores) {
    const means = BUDGETS.map((_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length);
    console.log(`  ${name.padEnd(30)}${means.map((mean) => mean.toFixed(3)).join('  ')}   n=${rows.length}`);
  }
}

function enumeratedFront({ space, valuesAt }: Problem): readonly Values[] {
  const all: Values[] = [];
  let front: readonly Values[] = [];
  for (let index = 0; index < space.size; index++) {
    const values = valuesAt(index);
    if (values !== undefined) all.push(values);
    if (all.length === 5000 || index === space.size - 1) {
      front = paretoOptima([...front, ...all.splice(0)], (one) => one);
    }
  }
  return front;
}

/** The share of the front's volume after each budget. */
function run(problem: Problem, factory: StrategyFactory, seed: number, front: readonly Values[]): number[] {
  const { space, valuesAt } = problem;
  const low = front[0].map((_, i) => Math.min(...front.map((values) => values[i])));
  const width = front[0].map((_, i) => Math.max(...front.map((values) => values[i])) - low[i] || 1);
  const scaled = (values: Values): Values => values.map((value, i) => (value - low[i]) / width[i]);
  const reference = low.map(() => REFERENCE);
  const whole = hypervolume(front.map(scaled), reference);
  const strategy = factory.create({ space, seed, ...cost });
  const found: Values[] = [];
  const reached: number[] = [];
  for (let trial = 1; trial <= BUDGETS[BUDGETS.length - 1]; trial++) {
    const [{ index }] = strategy.suggest(1);
    const values = valuesAt(index);
    if (values !== undefined) found.push(scaled(values));
    strategy.observe([
      values === undefined
        ? { index, state: 'invalid', reason: 'runtime' }
        : { index, state: 'timed', timeUs: Math.max(1e-9, values[0]), values },
    ]);
    if (BUDGETS.includes(trial))
      reached.push(
        hypervolume(
          paretoOptima(found, (one) => one),
          reference,
        ) / whole,
      );
  }
  return reached;
}
