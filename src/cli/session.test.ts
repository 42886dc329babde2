import { expect, it } from 'vitest';
import { plain } from '../report/terminal/paint.ts';
import { openSession, surfaceOf } from './session.ts';

const NOTE =
  '2 studies match; this is fdb4fe7905fc, attention 1x12x128x64 f32 on hexagon-v75, 1.16× [1.00, 1.19] in 12.5 µs.';

/** What a session writes on streams of so many columns; 0 is a terminal that does not know, undefined a pipe. */
function written(columns: number | undefined, env: Readonly<Record<string, string>> = {}) {
  const stream = columns === undefined ? {} : { isTTY: true, columns };
  const texts: string[] = [];
  const out = { ...surfaceOf(stream, env), paint: plain };
  const session = openSession({
    toStdout: (text) => texts.push(text),
    toStderr: (text) => texts.push(text),
    ...{ out, err: out, env, startedMs: 0 },
    clock: { now: () => 0, elapsed: () => 0 },
    interruption: () => new AbortController().signal,
  });
  return { session, texts };
}

it.each<[number, Record<string, string>?]>([[40], [80], [0], [40, { TERM: 'dumb' }]])(
  'wraps lines on a terminal of %d columns at the ends of words, with a hanging indent',
  (columns, env = {}) => {
    const { session, texts } = written(columns, env);
    session.say(`${NOTE}\n`);
    session.printLine(NOTE);
    session.printDrawn(`  ${NOTE}\n`);
    for (const [place, text] of texts.entries()) {
      const [first, ...others] = text.trimEnd().split('\n');
      for (const line of [first, ...others]) expect(line.length).toBeLessThanOrEqual(columns || 80);
      for (const line of others) expect(line).toMatch(place === 2 ? /^ {4}\S/ : /^ {2}\S/);
      expect([first, ...others.map((line) => line.trimStart())].join(' ').trim()).toBe(NOTE);
      for (const whole of ['[1.00, 1.19]', '12.5 µs.', '1x12x128x64', 'fdb4fe7905fc'])
        expect([first, ...others].some((line) => line.includes(whole))).toBe(true);
    }
  },
);

it('wraps nothing in a pipe', () => {
  const { session, texts } = written(undefined);
  session.say(NOTE);
  session.printLine(NOTE);
  expect(texts).toEqual([`${NOTE}\n`, `${NOTE}\n`]);
});

it('counts the lines that it draws, as a live table is drawn over them', () => {
  expect(written(40).session.printDrawn(`${NOTE}\n`)).toBe(4);
  expect(written(200).session.printDrawn(`${NOTE}\n`)).toBe(1);
});

it('draws no more lines than are asked for, and says how many there are', () => {
  const { session, texts } = written(80);
  expect(session.printDrawn('a\nb\nc\nd\n', 0, 4)).toBe(4);
  expect(session.printDrawn('a\nb\nc\nd\ne\n', 4, 4)).toBe(4);
  expect(texts).toEqual([
    'a\nb\nc\nd\n',
    '\u001b[4A\u001b[0Ja\nb\nc\n… 2 more lines, in a taller terminal\n',
  ]);
});

it('keeps a line of progress in one line of the terminal', () => {
  const { session, texts } = written(40);
  session.sayOver(NOTE);
  expect(texts).toEqual([`\r${NOTE.slice(0, 39)}\u001b[K`]);
});
