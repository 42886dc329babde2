import { expect, it } from 'vitest';
import { studyId } from './study-id.ts';
import { geluOnV75 } from './tests/examples.ts';

it('is the same in every version, so that stored studies are found', () => {
  expect(studyId(geluOnV75)).toBe('706a7be96c22');
});

it('differs exactly if a part of the identity differs', () => {
  const id = studyId(geluOnV75);
  const others = [
    { kernelHash: 'x' },
    { targetFingerprint: 'x' },
    { spaceHash: 'x' },
    { strategy: 'x' },
    { seed: 8 },
    { wave: 16 },
  ].map((part) => studyId({ ...geluOnV75, ...part }));
  expect(new Set([id, ...others]).size).toBe(7);
  const later = { ...geluOnV75, toolVersion: '2.0.0', priorVersion: 'p' };
  expect(studyId(later)).toBe(id);
});
