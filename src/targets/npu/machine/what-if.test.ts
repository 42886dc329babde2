import { describe, expect, it } from 'vitest';
import { completeConfiguration } from '../../../../search-space/complete-configuration.ts';
import { explain } from '../../../../search-space/explain.ts';
import { libraryKernel } from '../../../kernels/library.ts';
import { simulateKernel } from '../simulator/simulate.ts';
import { defaultConfiguration } from '../space/default.ts';
import { buildSpace } from '../space/space.ts';
import { loadTarget, targetFingerprint } from './load.ts';
import { calibrationOf, parameterSets, withParameterSet } from './parameter-sets.ts';
import type { SimulatedTarget } from './schema.ts';
import { applyWhatIf, whatIfs } from './what-if.ts';

const target = loadTarget('hexagon-mlir');
const kernel = libraryKernel('vector-add', [64, 16384]);
const space = buildSpace(kernel, target);
const preferred = defaultConfiguration(kernel, target, space);

const timeWith = (set: Record<string, string | number>, ...changes: string[]) =>
  simulateKernel(kernel, changes.reduce(applyWhatIf, target), completeConfiguration(space, preferred, set))
    .timeUs;

const buffered = { threads: 4, split: 'chunks', staging: 'dma', buffers: 2 };

describe('a what-if', () => {
  it('changes the fingerprint, keeps the calibration, and does not modify the target', () => {
    const changed = applyWhatIf(target, 'writeback=overlapped');
    expect(targetFingerprint(changed)).not.toBe(targetFingerprint(target));
    expect(calibrationOf(changed)).toBe(calibrationOf(target));
    expect(target.compiler.habits.writeBack).toBe('waited');
  });

  it('is refused with the known names and values', () => {
    expect(() => applyWhatIf(target, 'colour=red')).toThrow(
      /unknown habit or figure 'colour'.*writeback, dma-queues/,
    );
    expect(() => applyWhatIf(target, 'writeback=never')).toThrow(/waited or overlapped/);
    expect(() => applyWhatIf(target, 'dma-queues=0')).toThrow(/a number from 1/);
    expect(() => applyWhatIf(target, 'gate')).toThrow(/off, or a number/);
    expect(() => applyWhatIf(target, 'scratchpad.byte=1')).toThrow(/did you mean 'scratchpad.bytes'/);
    expect(() => applyWhatIf(target, 'setupUs=1')).toThrow(/one of: dma.setupUs/);
    expect(() => applyWhatIf(target, 'clockGHz=100')).toThrow(/cannot be '100' \(it takes 0.05 to 10\)/);
    expect(() => applyWhatIf(target, 'contexts=1.5')).toThrow(/it takes 1 to 64/);
    expect(() => applyWhatIf(target, 'name=mine')).toThrow(/unknown habit or figure 'name'/);
    expect(() => applyWhatIf(target, 'memory.0.bytes=null')).toThrow(/the last level, and only it/);
  });

  it('changes any figure by its path', () => {
    expect(applyWhatIf(target, 'scratchpad.bytes=2^20').scratchpad.bytes).toBe(2 ** 20);
    expect(applyWhatIf(target, 'memory[0].latencyNs=7').memory[0].latencyNs).toBe(7);
    expect(applyWhatIf(target, 'vector.pairs=false').vector.pairs).toBe(false);
    expect(applyWhatIf(target, 'compiler.habits.chunks=threads').compiler.habits.chunks).toBe('threads');
    const { dma } = applyWhatIf(target, `dmaGBps=${2 * target.dma.totalGBs}`);
    expect(dma.perQueueGBs).toBeCloseTo(2 * target.dma.perQueueGBs, 9);
  });

  it('of the cycles for gathered lanes changes the time of code that gathers', () => {
    const transposed = libraryKernel('transpose', [256, 256]);
    const own = buildSpace(transposed, target);
    const configuration = defaultConfiguration(transposed, target, own);
    const timeOf = (machine: SimulatedTarget) => simulateKernel(transposed, machine, configuration).timeUs;
    expect(timeOf(applyWhatIf(target, 'vector.gatherCyclesPerLane=4'))).toBeGreaterThan(1.1 * timeOf(target));
  });

  it('holds in every parameter set of the calibration', () => {
    const fitted = calibrationOf(target)?.free.map(({ path }) => path) ?? [];
    expect(fitted).toContain('forkJoinUs');
    const changed = applyWhatIf(target, 'forkJoinUs=1');
    for (let set = 0; set < parameterSets(changed); set++)
      expect(withParameterSet(changed, set).forkJoinUs).toBe(1);
    expect(parameterSets(changed)).toBe(parameterSets(target));
  });

  it.each(Object.keys(whatIfs))('%s has a description of its values and its meaning', (name) => {
    expect(whatIfs[name].values).not.toBe('');
    expect(whatIfs[name].meaning).not.toBe('');
  });

  it('shows what loading the output costs: a quarter of the traffic of a binary operation', () => {
    const saved = timeWith(buffered, 'output-load=off') / timeWith(buffered);
    expect(saved).toBeGreaterThan(0.7);
    expect(saved).toBeLessThan(0.85);
  });

  it('shows what a fork and join for each tile costs', () => {
    const set = { threads: 4, split: 'chunks' };
    expect(timeWith(set, 'fork=call')).toBeLessThan(timeWith(set) - 5 * target.forkJoinUs);
  });

  it('deactivates the gate, below which threads change nothing and are not in the space', () => {
    const alone = completeConfiguration(space, preferred, { tileRows: 4 });
    const team = { ...alone, threads: 4, split: 'chunks' };
    const ungated = applyWhatIf(target, 'gate=off');
    expect(explain(space, team)).toMatch(/less than 65536/);
    expect(simulateKernel(kernel, target, team).timeUs).toBe(simulateKernel(kernel, target, alone).timeUs);
    expect(buildSpace(kernel, ungated).has(team)).toBe(true);
    expect(simulateKernel(kernel, ungated, team).timeUs).not.toBe(timeWith({ tileRows: 4 }));
  });

  it('cuts a tile into as many chunks as there are threads only if told to', () => {
    const gelu = libraryKernel('gelu');
    const fastest = (machine: SimulatedTarget, threads: number) => {
      const whole = buildSpace(gelu, machine);
      const set = { threads, split: 'chunks', staging: 'copy' };
      const configuration = completeConfiguration(whole, defaultConfiguration(gelu, machine, whole), set);
      return simulateKernel(gelu, machine, configuration).timeUs;
    };
    const beyond = loadTarget('hexagon-mlir-beyond');
    const changed = applyWhatIf(beyond, 'chunks=threads');
    expect(() => fastest(beyond, 6)).toThrow(/cut into 4 chunks/);
    expect(fastest(changed, 6)).toBeLessThan(fastest(beyond, 4));
  });
});
