import { expect, it } from 'vitest';
import { plain } from '../report/terminal/paint.ts';
import { reportProgress } from './progress.ts';
import { openSession, surfaceOf } from './session.ts';

/** A report of progress in a pipe, what it has written, and a clock that is moved by hand. */
function piped() {
  const texts: string[] = [];
  let nowMs = 0;
  const out = { ...surfaceOf({}, {}), paint: plain };
  const session = openSession({
    toStdout: (text) => texts.push(text),
    toStderr: (text) => texts.push(text),
    ...{ out, err: out, env: {}, startedMs: 0 },
    clock: { now: () => 0, elapsed: () => nowMs },
    interruption: () => new AbortController().signal,
  });
  const report = reportProgress(session, { heading: '', label: 'simulated', knownUs: 12.5 });
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { report, texts, pass };
}

const studyId = 'abc';
const started = { kind: 'started', studyId, spaceSize: 99, settled: 40, budget: { trials: 40 } } as const;

it('counts the trials of a visit that is taken up when only its comparison is left', () => {
  const { report, texts } = piped();
  report.listen({ ...started, ofVisit: 40 });
  report.listen({ kind: 'comparing', studyId });
  report.end();
  expect(texts).toEqual([
    'continuing study abc after 40 trials.\n',
    'searching · 40 of 40 trials · best 12.5 µs simulated\n',
    'comparing · 40 of 40 trials · best 12.5 µs simulated\n',
  ]);
});

it('says nothing twice in a pipe, however long nothing changes', () => {
  const { report, texts, pass } = piped();
  report.listen({ ...started, ofVisit: 7 });
  for (let seconds = 0; seconds < 60; seconds += 3) {
    pass(3000);
    report.listen({ kind: 'building', studyId, configurations: 2, files: seconds < 30 ? 8 : 4 });
  }
  report.end();
  expect(texts.slice(1)).toEqual([
    'searching · 7 of 40 trials · best 12.5 µs simulated\n',
    'compiling · 8 files · 7 of 40 trials · best 12.5 µs simulated\n',
    'compiling · 4 files · 7 of 40 trials · best 12.5 µs simulated\n',
  ]);
});
