import { describe, expect, it } from 'vitest';
import { readCFile, signatureOf } from './c-file.ts';
import { cProgram } from './c-program.ts';

/** Lines 1 to 3 of a file are the guarded macro TILE; what is given follows. */
const tile = (mark = '8, 16, 32', body = '16') =>
  `#ifndef TILE\n#define TILE ${body} // nightshift: ${mark}\n#endif\n`;
const guarded = (name: string, line: string) => `#ifndef ${name}\n${line}\n#endif\n`;
const spaceOf = (text: string) => readCFile('src/conv.c', text).space;

describe('the marks of a C file', () => {
  it('are parameters, whose defaults are the macros’ own values', () => {
    const text = [
      tile(),
      guarded('THREADS', '#define THREADS 1 /* nightshift mt: 1, 2, 4 */'),
      guarded('VECTOR_BYTES', '# define VECTOR_BYTES 0x10// nightshift vec: 0, 16, 32'),
      '#if !defined(Order)\r\n#define Order ROWS // nightshift: ROWS, COLUMNS\r\n#endif\n',
      guarded(
        'UNROLL',
        '#define UNROLL 2 // nightshift: [2**i for i in range(3)] when Order != ROWS && TILE > 8',
      ),
      '  // nightshift: TILE * THREADS <= 64\n',
    ].join('');
    const { parameters, constraints, default: usual } = spaceOf(text);
    expect(parameters).toMatchObject([
      { name: 'tile', values: [8, 16, 32], tag: 'schedule', kind: 'ordinal' },
      { name: 'threads', values: [1, 2, 4], tag: 'mt', off: 1 },
      { name: 'vectorBytes', values: [0, 16, 32], tag: 'vec', off: 0 },
      { name: 'Order', values: ['ROWS', 'COLUMNS'], kind: 'categorical' },
      { name: 'unroll', values: [1, 2, 4], off: 2 },
    ]);
    expect(usual).toEqual({ tile: 16, threads: 1, vectorBytes: 16, Order: 'ROWS', unroll: 2 });
    expect(constraints.map(({ sentence }) => sentence)).toEqual([
      'TILE * THREADS <= 64',
      "unroll has an effect only when Order != 'ROWS' and tile > 8; elsewhere it must stay 2",
    ]);
  });

  it('keep what a number is in C where JavaScript would write it otherwise', () => {
    expect(spaceOf(tile('0.5, 1.0, 2.0', '1.0')).parameters[0].values).toEqual(['0.5', '1.0', '2.0']);
    expect(spaceOf(tile('8u, 010', '010')).parameters[0].values).toEqual(['8u', '010']);
    expect(spaceOf(tile('0.5, 0.25, -1', '-1')).parameters[0].values).toEqual([0.5, 0.25, -1]);
  });

  it.each([
    ['no mark', 'int x;', 'src/conv.c: no macro is marked (a macro: #define TILE 32'],
    [
      'a macro that is always defined',
      '#define TILE 8 // nightshift: 8',
      'src/conv.c:1: TILE: is defined whatever',
    ],
    [
      'a guard of another macro',
      guarded('TILES', '#define TILE 8 // nightshift: 8'),
      'write #ifndef TILE before it',
    ],
    [
      'a guard that has ended',
      `#ifndef TILE\n#else\n#define TILE 8 // nightshift: 8\n#endif`,
      ':3: TILE: is defined',
    ],
    ['a default that is not listed', tile('8, 16', '24'), ':2: TILE: its value 24 is not one of 8, 16'],
    ['a default in brackets', tile('8, 16', '(8)'), 'its value (8) is not one of'],
    ['no default', tile('8, 16', ''), 'TILE: has no value'],
    ['no values', tile(''), 'TILE: a value is missing'],
    ['a value with blanks', tile('8 16'), "'8 16' is neither a number nor a word"],
    ['a value twice', tile('8, 8', '8'), ':2: TILE: has the value 8 twice'],
    ['a list that cannot be read', tile('[8 16]', '8'), 'src/conv.c:2: TILE:'],
    [
      'an unknown mechanism',
      guarded('T', '#define T 1 // nightshift mtt: 1, 2'),
      ":2: T: 'mtt' is no mechanism",
    ],
    ['arguments', guarded('T', '#define T(x) 1 // nightshift: 1, 2'), 'T: takes arguments'],
    [
      'a keyword',
      guarded('int', '#define int 1 // nightshift: 1, 2'),
      'int: is a name with a meaning of its own',
    ],
    ['a macro twice', tile() + tile(), ':5: TILE: is marked in line 2 already'],
    ['a name twice', tile() + guarded('tile', '#define tile 1 // nightshift: 1, 2'), 'tile'],
    ['a bad constraint', `${tile()}// nightshift: TILE <`, 'src/conv.c:4: column 7 of'],
    ['a constraint on no macro', `${tile()}// nightshift: TILES < 4`, 'src/conv.c:4: '],
    ['a mark of code', `${tile()}int x; // nightshift: 8`, ':4: the comment marks no #define'],
    ['a bad condition', tile('8, 16 when', '8'), 'src/conv.c:2: TILE:'],
    [
      'a word that #if takes for 0',
      `${tile('COPY, DMA', 'COPY')}#define COPY 1\n#if TILE == DMA\n#endif`,
      'src/conv.c:5: TILE: can be DMA, which nothing defines',
    ],
  ])('are refused with file, line and macro: %s', (_, text, complaint) => {
    expect(() => spaceOf(text)).toThrow(complaint);
    expect(() => spaceOf(text)).toThrow(/^--c src\/conv\.c/);
  });

  it('may be words in #if that the file or an included one defines', () => {
    const words = tile('COPY, DMA', 'COPY');
    expect(spaceOf(`#define COPY 1\n#define DMA 2\n${words}#if TILE == DMA\n#endif`).parameters).toHaveLength(
      1,
    );
    expect(spaceOf(`#include "words.h"\n${words}#if TILE == DMA\n#endif`).parameters).toHaveLength(1);
  });

  it('keep a name that would be another’s: {seed} is no parameter', () => {
    expect(spaceOf(guarded('SEED', '#define SEED 1 // nightshift: 1, 2')).parameters[0].name).toBe('SEED');
  });
});

describe('the function of a C file', () => {
  const read = (code: string) => signatureOf(readCFile('src/conv.c', tile() + code));

  it.each([
    ['sizes that macros and extents say', 'void conv(size_t n, const float x[n * TILE], float y[n]) {'],
    [
      'sizes in several dimensions',
      'static void conv(long n, float const x[restrict static n * TILE], float y[n]) {',
    ],
    [
      'another name, if all others are static',
      'static int f(int a) { return a; }\nvoid g(int n, const float x[n * TILE], float y[n])\n{',
    ],
    [
      'comments and texts that look like code',
      '/* void f(int *p) { */ char s[] = "void f(int *p) {"; void conv(int n /* many */, const float x[n * TILE], float y[n]) {',
    ],
  ])('is found: %s', (_, code) => {
    expect(read(`${code} }`)).toMatchObject({
      result: undefined,
      takes: [
        { kind: 'extent', name: 'n' },
        { kind: 'array', type: 'float', name: 'x', extents: '[n * TILE]', isInput: true },
        { kind: 'array', type: 'float', name: 'y', extents: '[n]', isInput: false },
      ],
      hasReference: false,
    });
  });

  it('may return a number, take other numbers, and have a reference', () => {
    const code =
      'double conv(float a, const double x[3][4]) { }\nstatic double conv_reference(float a, const double x[3][4]) { }';
    expect(read(code)).toMatchObject({
      result: 'double',
      takes: [{ kind: 'number' }, { kind: 'array', extents: '[3][4]' }],
      hasReference: true,
    });
  });

  it.each([
    ['no function', 'int x;', 'has no function that could be timed'],
    [
      'several',
      'void f(int n) { }\nvoid g(int n) { }',
      'has several functions: f, g (call the one to time conv',
    ],
    ['a pointer', '\nvoid conv(const float *x) { }', "src/conv.c:5: conv(): the parameter 'x' is a pointer"],
    ['an array without a size', 'void conv(float x[]) { }', "the parameter 'x' has no size"],
    ['a struct', 'void conv(struct a x) { }', "'x' is a struct a, for which there is no value"],
    ['a pointer as result', 'float *conv(int n) { }', 'returns a pointer'],
  ])('is refused with file, line and parameter: %s', (_, code, complaint) => {
    expect(() => read(code)).toThrow(complaint);
  });
});

describe('the build of a C file', () => {
  const file = readCFile('src/conv.c', `${tile()}void conv(int n, float y[n]) { }`);
  const build = (compiler: readonly string[], more = {}) =>
    cProgram({ file, compiler, ...more }).program.build?.join(' ');

  it('has the user’s options first and libraries last', () => {
    expect(build(['zig', 'cc', '-O2', '-lblas'])).toBe(
      'zig cc -iquote src -O2 -DNIGHTSHIFT_SEED={seed} -DNIGHTSHIFT_EXTENT_0={shape.0} -DTILE={tile} ' +
        '{build}/nightshift-call.c {build}/nightshift-main.c -o {build}/program -lblas -lm',
    );
  });
  it('has a harness in place of ours, and the file once', () => {
    const harness = (text: string) => ({ harness: { path: 'time.c', text } });
    const rest = '-o {build}/program -lm';
    expect(build(['cc'], harness('int main(void) { }'))).toBe(`cc -DTILE={tile} src/conv.c time.c ${rest}`);
    expect(build(['cc'], harness('#include "conv.c"\nint main(void) { }'))).toBe(
      `cc -DTILE={tile} time.c ${rest}`,
    );
    expect(() => build(['cc'], harness('// int main(void) {'))).toThrow('--harness time.c: has no main');
  });
  it('takes no option that is ours', () => {
    expect(() => build(['cc', '-o', 'x'])).toThrow('--cc: has -o');
    expect(() => build(['cc', '-DTILE=4'])).toThrow(
      '--cc: defines TILE, which is tuned (--fix tile=… keeps one value)',
    );
  });
});
