import { describe, expect, it } from 'vitest';
import { libraryKernel } from '../../../kernels/library.ts';
import { withFigures } from '../machine/calibration.ts';
import { listTargets, loadTarget } from '../machine/load.ts';
import { buildSpace } from '../space/space.ts';
import { callParts } from './call-parts.ts';
import { explainGain } from './explain-gain.ts';
import { simulateKernel } from './simulate.ts';

const code = (vectorBytes: number, staging: string, threads = 1) => ({
  ...{ vectorBytes, unroll: 1, threads, split: 'tiles-block', staging, buffers: 1 },
  ...{ tile: staging === 'direct' ? 256 : 65536 },
});
const sides = (staging: string) => ({ before: code(0, staging), after: code(128, staging) });
const gelu = libraryKernel('gelu', [262144]);
const add = libraryKernel('vector-add', [262144]);
const partOf = (parts: ReturnType<typeof callParts>, words: RegExp) =>
  parts.filter(({ what }) => words.test(what)).reduce((sum, { us }) => sum + us, 0);

describe('the parts of a call', () => {
  it.each(listTargets())('add up to its time on %s, and none is below 0', (name) => {
    const target = loadTarget(name);
    for (const kernel of [gelu, libraryKernel('softmax', [64, 500], 'f16'), libraryKernel('rope')]) {
      const space = buildSpace(kernel, target);
      for (let n = 0; n < 12; n++) {
        const configuration = space.at(Math.floor(((n + 0.5) * space.size) / 12));
        const parts = callParts(kernel, target, configuration);
        const sum = parts.reduce((total, { us }) => total + us, 0);
        expect(sum / simulateKernel(kernel, target, configuration).timeUs).toBeCloseTo(1, 9);
        expect(Math.min(...parts.map(({ us }) => us))).toBeGreaterThan(0);
      }
    }
  });

  it('follow the figures that they name', () => {
    const target = loadTarget('hexagon-v75');
    const twice = (path: string, value: number) => withFigures(target, { [path]: 2 * value });
    const cases = [
      ['ops.scalarCall', target.ops.scalarCall, /calls of scalar/, 'copy'],
      ['scratchpad.scalarAccessNs', target.scratchpad.scalarAccessNs, /accesses to the scratchpad/, 'copy'],
      ['memory.1.scalarAccessNs', target.memory[1].scalarAccessNs, /accesses to DDR/, 'direct'],
    ] as const;
    for (const [path, value, words, staging] of cases) {
      const [one, two] = [target, twice(path, value)].map((machine) =>
        partOf(callParts(gelu, machine, code(0, staging)), words),
      );
      expect(one).toBeGreaterThan(0);
      expect(two / one).toBeCloseTo(2, 1);
    }
  });
});

describe('the causes of a gain', () => {
  it.each(['copy', 'direct'])('of Vec are factors whose product is the gain, with %s', (staging) => {
    for (const name of ['hexagon-v75', 'hexagon-mlir']) {
      const target = loadTarget(name);
      const { factors = { issue: 0, stalls: 0, rest: 0 } } = explainGain(gelu, target, 'vec', sides(staging));
      const [slow, fast] = [sides(staging).before, sides(staging).after].map(
        (side) => simulateKernel(gelu, target, side).timeUs,
      );
      expect(factors.issue * factors.stalls * factors.rest).toBeCloseTo(slow / fast, 6);
      expect(Math.min(factors.issue, factors.stalls)).toBeGreaterThan(1);
    }
  });

  it('have a rest of 1 where both sides move data alike, and little else where that takes most of the time', () => {
    const slow = withFigures(loadTarget('hexagon-v75'), {
      'copy.perThreadGBs': 0.001,
      'copy.totalGBs': 0.001,
    });
    const { factors } = explainGain(add, slow, 'vec', sides('copy'));
    expect(factors?.rest).toBeCloseTo(1, 6);
    expect(factors?.issue).toBeCloseTo(1, 2);
    expect(factors?.stalls).toBeCloseTo(1, 1);
  });

  it('have smaller stalls, and the same packets to save, where accesses take no time', () => {
    const target = loadTarget('hexagon-v75');
    const free = withFigures(target, { 'scratchpad.scalarAccessNs': 0 });
    const [all, without] = [target, free].map((machine) => explainGain(add, machine, 'vec', sides('copy')));
    expect(without.factors?.stalls).toBeLessThan((all.factors?.stalls ?? 0) / 4);
    expect(without.factors?.issue).toBeGreaterThan(all.factors?.issue ?? 0);
  });

  it('say where most of the gain rests on a prior, and not where the figures were fitted', () => {
    const { caution } = explainGain(add, loadTarget('hexagon-v75'), 'vec', sides('copy'));
    expect(caution).toMatch(
      /^\d\d % of the scalar time that Vec saves is a prior: stalls of scalar accesses to the scratchpad$/,
    );
    expect(explainGain(add, loadTarget('hexagon-mlir'), 'vec', sides('copy')).caution).toBeUndefined();
    const threads = { before: code(128, 'copy'), after: code(128, 'copy', 4) };
    const { caution: ofThreads, factors } = explainGain(gelu, loadTarget('hexagon-v75'), 'mt', threads);
    expect(ofThreads).toMatch(/^\d\d % of the time that MT saves is a prior: waits for results of vector/);
    expect(factors).toBeUndefined();
  });
});
