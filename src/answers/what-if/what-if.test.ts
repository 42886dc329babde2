import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../../search-space/parameter.ts';
import { libraryKernel } from '../../kernels/library.ts';
import { loadTarget } from '../../targets/npu/machine/load.ts';
import { applyWhatIf } from '../../targets/npu/machine/what-if.ts';
import { simulateKernel } from '../../targets/npu/simulator/simulate.ts';
import { buildSpace } from '../../targets/npu/space/space.ts';
import { whatIfBest } from './what-if.ts';

const machine = loadTarget('edge-2mib');
const kernel = libraryKernel('gelu', [2 ** 20]);

/** The time of a configuration over the best of all, with a figure at a value. */
function regretAt(change: string, configuration: Configuration): number {
  const changed = applyWhatIf(machine, change);
  const space = buildSpace(kernel, changed);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < space.size; i++)
    best = Math.min(best, simulateKernel(kernel, changed, space.at(i)).timeUs);
  return simulateKernel(kernel, changed, configuration).timeUs / best;
}

describe('the best of a changed machine', () => {
  it.each([
    ['dma.setupUs', 50],
    ['dmaGBps', 4],
  ])('flips where %s makes another one faster, and not before', (name, asked) => {
    const { figure, today } = whatIfBest(kernel, machine, [`${name}=${asked}`], undefined);
    expect(figure?.flips.length).toBeGreaterThan(0);
    let winner = today.configuration;
    for (const { upTo, from, configuration } of figure?.flips ?? []) {
      expect(regretAt(`${name}=${upTo}`, winner)).toBeLessThanOrEqual(1.01);
      expect(regretAt(`${name}=${from}`, winner)).toBeGreaterThan(1.01);
      expect(regretAt(`${name}=${from}`, configuration)).toBeLessThanOrEqual(1.001);
      expect(Math.abs(from / upTo - 1)).toBeLessThanOrEqual(0.001);
      winner = configuration;
    }
  });

  it('finds a flip between two whole numbers exactly', () => {
    const { figure } = whatIfBest(kernel, machine, ['scratchpad.bytes=2^18'], undefined);
    for (const { upTo, from } of figure?.flips ?? []) expect(upTo - from).toBe(1);
    expect(figure?.flips.length).toBeGreaterThan(0);
  });

  it('says how far it looked where nothing flips', () => {
    const { figure, today, changed } = whatIfBest(kernel, machine, ['ops.scalarHalf=60'], undefined);
    expect(figure).toMatchObject({ flips: [], asked: 60 });
    expect(figure?.searchedTo).toBeGreaterThan(60);
    expect(changed.configuration).toEqual(today.configuration);
  });

  it('has no flips for a habit, a word, or two changes at once', () => {
    for (const changes of [['writeback=waited'], ['vector.pairs=true'], ['contexts=1', 'dma.engines=1']])
      expect(whatIfBest(kernel, machine, changes, undefined).figure).toBeNull();
  });
});
