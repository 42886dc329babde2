import { describe, expect, it } from 'vitest';
import type { Configuration, Parameter } from '../../search-space/parameter.ts';
import type { SettledTrial } from '../../store/trial.ts';
import type { CodeEffects } from './code-effects.ts';
import { isKnown } from './gain.ts';
import { importanceOf } from './importance.ts';

const parameter = (name: string): Parameter => ({
  name,
  kind: 'categorical',
  tag: 'schedule',
  values: ['a', 'b'],
  description: name,
});
const NOTHING: CodeEffects['lacking'] = { parameter: '', value: '', options: [] };
const NAMES = ['one', 'two', 'three', 'other'];

/** Trials of all configurations, four of each, with times that one and two change only together. */
const trials = Array.from({ length: 64 }, (_, n): SettledTrial => {
  const configuration: Configuration = Object.fromEntries(
    NAMES.map((name, place) => [name, (n >> place) & 1 ? 'b' : 'a']),
  );
  const timeUs =
    configuration.one === 'b' && configuration.two === 'b' ? 1 : configuration.other === 'b' ? 3 : 2;
  const proposal = { configuration, subset: 'none', origin: 'random' };
  return { ...proposal, number: n, state: 'timed', timeUs, samplesUs: [timeUs], settledAt: 0 };
});

function found(effects?: CodeEffects) {
  const importance = importanceOf(NAMES.map(parameter), trials, effects);
  if (!isKnown(importance)) throw new Error(importance.why);
  return importance;
}

describe('importance', () => {
  it('gives no share to what changed nothing in the code', () => {
    const { parameters, interactions, idle } = found({
      idle: ['three', 'other'],
      bound: [],
      lacking: NOTHING,
    });
    expect(parameters.map(({ name }) => name).toSorted()).toEqual(['one', 'two']);
    expect(interactions.flatMap(({ names }) => names)).not.toContain('other');
    expect(idle).toEqual(['three', 'other']);
    expect(found().idle).toEqual([]);
  });

  it('gives no share to an option that is pinned in slow code, which lacks it', () => {
    const pinned = trials.map((trial): SettledTrial => {
      if (trial.state !== 'timed') return trial;
      const isSlow = trial.configuration.one === 'a';
      const configuration = { ...trial.configuration, three: isSlow ? 'a' : 'b' };
      return { ...trial, configuration, timeUs: (isSlow ? 100 : 1) * trial.timeUs };
    });
    const shareOfThree = (effects?: CodeEffects) => {
      const importance = importanceOf(NAMES.toReversed().map(parameter), pinned, effects);
      if (!isKnown(importance)) throw new Error(importance.why);
      return importance.parameters.find(({ name }) => name === 'three')?.share ?? 1;
    };
    const lacking = { parameter: 'one', value: 'a', options: ['three'] };
    expect(shareOfThree({ idle: [], bound: [], lacking })).toBeLessThan(0.01);
    expect(shareOfThree()).toBeGreaterThan(0.01);
  });

  it('tells two parameters that change code only together as a pair, with all that they explain', () => {
    const plain = found();
    const share = (name: string) => plain.parameters.find((each) => each.name === name)?.share ?? 0;
    const pairOf = ({ interactions }: typeof plain) =>
      interactions.find(({ names }) => names.includes('one') && names.includes('two'))?.share ?? 0;
    const told = found({
      idle: [],
      bound: [
        ['one', 'two'],
        ['two', 'one'],
      ],
      lacking: NOTHING,
    });
    expect(share('one')).toBeGreaterThan(0.1);
    expect(told.parameters.map(({ name }) => name).toSorted()).toEqual(['other', 'three']);
    expect(pairOf(told)).toBeCloseTo(share('one') + share('two') + pairOf(plain), 10);
  });
});
