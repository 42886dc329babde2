import { describe, expect, it } from 'vitest';
import { cComment, cDefine, cDouble, cNumber, cString, isCString } from './c.ts';
import { knownNames } from './hostile.fixture.ts';
import { has, Workshop } from './tools.fixture.ts';

const workshop = new Workshop();
const NUMBERS = [
  0,
  -1,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 53 + 2,
  2 ** 62,
  2 ** 63,
  -(2 ** 63),
  1e21,
  1e300,
].concat([0.1, -2.5, 5e-324, Number.MAX_VALUE, 1e-7]);

it.each([
  [6, '6'],
  [2 ** 31, '2147483648LL'],
  [2 ** 60 + 256, '1152921504606847232LL'],
  [2 ** 63, '9223372036854776000.0'],
  [1e21, '1e+21'],
  [0.5, '0.5'],
])('writes %d as %s', (value, literal) => {
  expect(cNumber(value)).toBe(literal);
});

it.each([
  [6, '6.0'],
  [-0, '-0.0'],
  [1e-7, '1e-7'],
  [Number.NaN, 'NAN'],
  [Number.NEGATIVE_INFINITY, '-INFINITY'],
])('writes the double %d as %s', (value, literal) => {
  expect(cDouble(value)).toBe(literal);
});

it.each([Number.NaN, Number.POSITIVE_INFINITY])('has no number %d', (value) => {
  expect(() => cNumber(value)).toThrow('C has no literal');
});

describe.skipIf(!has('gcc', 'g++'))('gcc and g++ (skipped where they are absent)', () => {
  const texts = knownNames.filter(isCString);
  const program = [
    '#include <stdio.h>',
    ...knownNames.map((name) => `${cComment(name)}\n${cComment(`${name}*`)}\n${cComment(`/${name}`)}`),
    ...NUMBERS.map((value, place) => cDefine(`N${place}`, cNumber(value))),
    'static const char *const texts[] = {',
    ...texts.map((text) => `  ${cString(text)},`),
    '};',
    'int main(void) {',
    `  for (int i = 0; i < ${texts.length}; i++) {`,
    '    for (const char *p = texts[i]; *p != 0; p++) printf("%02x", (unsigned)(unsigned char)*p);',
    '    puts("");',
    '  }',
    ...NUMBERS.map((_, place) => `  printf("%.17g\\n", (double)N${place});`),
    '  return 0;',
    '}\n',
  ].join('\n');

  it.each([
    ['C99, which has trigraphs', 'gcc', ['-std=c99']],
    ['GNU C', 'gcc', ['-std=gnu17']],
    ['C++17', 'g++', ['-x', 'c++', '-std=c++17']],
  ])('read comments, strings and numbers correctly: %s', (_, compiler, flags) => {
    workshop.put('all.c', program);
    const strict = ['-Wall', '-Wextra', '-Wpedantic', '-Werror'];
    expect(workshop.perform(compiler, ...flags, ...strict, 'all.c', '-o', 'all').stderr).toBe('');
    const lines = workshop.perform(`${workshop.path}/all`).stdout.split('\n').slice(0, -1);
    expect(lines.slice(0, texts.length).map((line) => Buffer.from(line, 'hex').toString())).toEqual(texts);
    expect(lines.slice(texts.length).map(Number)).toEqual(NUMBERS);
  });
});
