import { defineSpace } from '../search-space/define-space.ts';
import type { SearchSpace } from '../search-space/search-space.ts';
import { readSpaceFile } from '../search-space/space-file.ts';
import { strategyNamed, strategyNames } from '../tuner/strategies/registry.ts';
import { CpuMeter } from './compare-strategies/cpu-meter.ts';

/**
 * The cost of strategies: processor time per trial over 400 trials, by the size of the space, with the part
 * of models. `node dist/scripts/bench-search.js`.
 */
const TRIALS = 400;
const SIZES = [1, 2, 4, 8, 16, 32, 64];
const CONSTRAINTS = ['p0 * p1 <= 64', 'p2 * p3 * p4 <= 256', 'p5 % p6 == 0', 'p7 <= p8', 'p9 * p0 >= 2'];

function spaceOf(count: number): SearchSpace {
  const parameters = Array.from({ length: count }, (_, i) => ({
    name: `p${i}`,
    values: SIZES.slice(0, 4 + (i % 3)),
  }));
  const file = readSpaceFile({ name: 'bench', parameters, constraints: CONSTRAINTS });
  return defineSpace(file.parameters, file.constraints);
}

/** A smooth time with one optimum in each parameter. */
function timeOf(digits: Int32Array): number {
  const loss = digits.reduce((sum, digit, i) => {
    const step = i > 0 && digit > digits[i - 1] ? 0.3 : 0;
    return sum + (digit - (i % 3)) ** 2 * (0.1 + 0.05 * i) + step;
  }, 0);
  return 100 * Math.exp(loss / 3);
}

function cost(space: SearchSpace, name: string): Readonly<{ all: number; models: number }> {
  const models = new CpuMeter();
  const all = new CpuMeter();
  all.measure(() => {
    const meter = <Made>(work: () => Made): Made => models.measure(work);
    const strategy = strategyNamed(name).create({ space, seed: 1, meter });
    for (let trial = 0; trial < TRIALS; trial++) {
      const [{ index }] = strategy.suggest(1);
      strategy.observe([{ index, state: 'timed', timeUs: timeOf(space.digitsAt(index)) }]);
    }
  });
  return { all: all.totalMs / TRIALS, models: models.totalMs / TRIALS };
}

cost(spaceOf(10), 'default');
console.log('milliseconds of processor time per trial, all / models alone');
for (const count of [10, 12, 14, 16]) {
  const space = spaceOf(count);
  const costs = strategyNames.map((name) => {
    const { all, models } = cost(space, name);
    return `${name} ${all.toFixed(2)} / ${models.toFixed(2)}`;
  });
  console.log(`${space.size.toLocaleString('en')} configurations: ${costs.join(', ')}`);
}
