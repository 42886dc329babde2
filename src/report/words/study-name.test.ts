import { expect, it } from 'vitest';
import { apartWords, studyName } from './study-name.ts';

const gelu = { kernel: 'gelu', shape: '65536', dtype: 'f32', target: 'npu' };

it('names a study by its question', () => {
  expect(studyName({ ...gelu, restrictedTo: '' })).toBe('gelu 65536 f32 on npu');
  expect(studyName({ ...gelu, objective: 'time where bytes<=4096', restrictedTo: 'threads=4' })).toBe(
    'gelu 65536 f32 on npu, for time where bytes<=4096, only threads=4',
  );
});

it('tells namesakes apart by seed, and by strategy where it differs', () => {
  const [a, b] = [
    { seed: 1, strategy: 'random' },
    { seed: 2, strategy: 'random' },
  ];
  expect(apartWords(a, [a])).toBe('');
  expect(apartWords(a, [a, b])).toBe(', seed 1');
  expect(apartWords(a, [a, { ...a, strategy: 'gp' }])).toBe(', strategy random, seed 1');
});
