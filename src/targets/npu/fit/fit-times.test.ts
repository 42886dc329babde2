import { describe, expect, it } from 'vitest';
import { integerBelow, normal, randomFor } from '../../../../search-space/random.ts';
import { libraryKernel } from '../../../kernels/library.ts';
import { withFigures } from '../machine/calibration.ts';
import { loadTarget } from '../machine/load.ts';
import { originsOf, rememberOrigins } from '../machine/origins.ts';
import { simulateKernel } from '../simulator/simulate.ts';
import { buildSpace } from '../space/space.ts';
import { fitTimes } from './fit-times.ts';
import { openFigures, valuesAt } from './open-figures.ts';
import { verdictsOf } from './verdicts.ts';

const OPEN = /^(callUs|forkJoinUs|copy\.perThreadGBs|copy\.totalGBs|dma\.setupUs|dma\.perQueueGBs)$/;

/** edge-2mib, of which six figures are not known. */
function machine() {
  const edge = loadTarget('edge-2mib');
  return rememberOrigins(
    { ...edge },
    Object.fromEntries([...originsOf(edge)].filter(([path]) => OPEN.test(path))),
  );
}

describe('single timings that are off by 2 %', () => {
  const target = machine();
  const figures = openFigures(target);
  const kernels = [
    libraryKernel('relu', [1024]),
    libraryKernel('gelu', [65_536]),
    libraryKernel('vector-add', [64, 16_384]),
  ];

  // Ranges that ended at what was accepted lacked four of the first machine's figures. The second has an island of
  // explanations, where another figure decides, that is not found from the best one.
  it.each([10, 13])('leave the truth within every range that is claimed: machine %i', (seed) => {
    const random = randomFor('a noisy log', seed);
    const hidden = valuesAt(
      figures,
      figures.map(() => random()),
    );
    const truth = withFigures(target, hidden);
    const times = Array.from({ length: 16 }, (_, i) => {
      const kernel = kernels[i % kernels.length];
      const space = buildSpace(kernel, target);
      const configuration = space.at(integerBelow(random, space.size));
      const exact = simulateKernel(kernel, truth, configuration).timeUs;
      return { kernel, configuration, timeUs: exact * Math.exp(0.02 * normal(random)), uncertainty: 0.01 };
    });
    const claimed = verdictsOf(fitTimes(target, times)).filter(
      ({ verdict }) => verdict === 'fixed' || verdict === 'narrowed',
    );
    expect(claimed.length).toBeGreaterThanOrEqual(4);
    for (const { figure, low, high } of claimed)
      expect(low <= hidden[figure] && hidden[figure] <= high, figure).toBe(true);
  });
});
