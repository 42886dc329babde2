import { expect, it } from 'vitest';
import { studyStateWords } from './state-words.ts';

it.each([
  ['open', undefined, 'not begun'],
  ['open', { state: 'open' }, 'interrupted'],
  ['open', { state: 'ended', stoppedBy: 'trials' }, 'budget spent'],
  ['done', { state: 'ended', stoppedBy: 'trials' }, 'budget spent'],
  ['done', { state: 'ended', stoppedBy: 'stalled' }, 'no more gain'],
  ['done', { state: 'ended', stoppedBy: 'imported' }, 'imported'],
  ['paused', { state: 'open' }, 'paused'],
] as const)('%s, with its last visit %j', (state, visit, words) => {
  expect(studyStateWords(state, visit, false)).toBe(words);
});

it('a visit that has not ended is at work only where somebody works on it', () => {
  expect(studyStateWords('open', { state: 'open' }, true)).toBe('at work');
});
