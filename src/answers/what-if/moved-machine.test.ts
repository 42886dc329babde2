import { describe, expect, it } from 'vitest';
import { libraryKernel } from '../../kernels/library.ts';
import { kernelRecord } from '../../kernels/record.ts';
import { loadTarget, targetFingerprint } from '../../targets/npu/machine/load.ts';
import { applyWhatIf } from '../../targets/npu/machine/what-if.ts';
import { simulateKernel } from '../../targets/npu/simulator/simulate.ts';
import { buildSpace } from '../../targets/npu/space/space.ts';
import { answerMoved, type MovedQuestion } from './moved-machine.ts';

const kernel = libraryKernel('gelu', [65_536]);
const machine = loadTarget('edge-2mib');
const space = buildSpace(kernel, machine);
const configurations = Array.from({ length: 40 }, (_, place) =>
  space.at(Math.floor((place * space.size) / 40)),
);
const asked: MovedQuestion = {
  call: {
    kernel: kernelRecord(kernel, 'library'),
    target: { kind: 'named', name: 'edge-2mib' },
    fingerprint: targetFingerprint(machine),
  },
  configurations,
  used: undefined,
  rungs: [],
  changes: [],
  flips: false,
};

describe('known configurations on a changed machine', () => {
  it('take what they take today where nothing changes', () => {
    const { candidates = [] } = answerMoved(asked) ?? {};
    expect(candidates).toHaveLength(configurations.length);
    for (const { todayUs, movedUs } of candidates) expect(movedUs).toBe(todayUs);
  });

  it('are simulated anew, and sorted by what they take there', () => {
    const changes = ['dmaGBps=2', 'contexts=1'];
    const moved = changes.reduce(applyWhatIf, machine);
    const movedSpace = buildSpace(kernel, moved);
    const { candidates = [] } = answerMoved({ ...asked, changes }) ?? {};
    const times = candidates.map(({ movedUs }) => movedUs ?? Number.POSITIVE_INFINITY);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    for (const { configuration, movedUs } of candidates)
      expect(movedUs).toBe(
        movedSpace.has(configuration) ? simulateKernel(kernel, moved, configuration).timeUs : null,
      );
    expect(times.some((time) => time === Number.POSITIVE_INFINITY)).toBe(true);
  });

  it('are not known where the target is another one now', () => {
    expect(answerMoved({ ...asked, call: { ...asked.call, fingerprint: 'earlier' } })).toBeUndefined();
  });

  it('offers figures that the machine takes at both ends', () => {
    for (const { name, low, high } of answerMoved(asked)?.figures ?? [])
      for (const value of [low, high]) expect(() => applyWhatIf(machine, `${name}=${value}`)).not.toThrow();
  });
});
