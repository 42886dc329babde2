// gcc and g++ read the right values from a header, with any names in a store.
import { describe, expect, it } from 'vitest';
import type { Configuration, Value } from '../../../search-space/parameter.ts';
import { configurationOf, type TunedKernel } from '../../../src/exporters/_base.ts';
import { cHeader } from '../../../src/exporters/c-header.ts';
import { cFunction, extentsOf, valueMacro } from '../../../src/exporters/names.ts';
import { cMember } from '../../../src/languages/c.ts';
import { isLongLong } from '../../../src/languages/decimal.ts';
import { has, Workshop } from '../../../src/languages/tools.fixture.ts';
import { variables, type Written, write } from './written.fixture.ts';

const STRICT = ['-Wall', '-Wextra', '-Wpedantic', '-Werror', '-O0'];
const workshop = new Workshop();

/** A statement that prints an expression, and the number that it should print. */
type Check = Readonly<{ statement: string; expected: number }>;

/** Compares string values with their macros. */
function check(expression: string, parameter: string, value: Value): Check {
  if (typeof value === 'string')
    return {
      statement: `printf("%d\\n", (${expression}) == ${valueMacro(parameter, value)});`,
      expected: 1,
    };
  const expected = Number(value);
  const statement = isLongLong(expected)
    ? `printf("%lld\\n", (long long)(${expression}));`
    : `printf("%.17g\\n", (double)(${expression}));`;
  return { statement, expected };
}

/** Calls the function at a tuned shape, or at another one. */
function called(
  kernel: TunedKernel,
  shape: readonly number[] | undefined,
  configuration: Configuration,
): readonly Check[] {
  const rank = Math.max(...kernel.shapes.map((each) => extentsOf(each.kernel.shape)?.length ?? 1));
  const extents = Array.from({ length: rank }, (_, at) => `${shape === undefined ? -1 : (shape[at] ?? 1)}LL`);
  return Object.keys(configurationOf(kernel.fallback)).map((field) =>
    check(`${cFunction(kernel)}(${extents.join(', ')}).${cMember(field)}`, field, configuration[field]),
  );
}

function checksOf({ tuned }: Written): readonly Check[] {
  const ofKernel = (kernel: TunedKernel): readonly Check[] => [
    ...kernel.shapes.flatMap(({ kernel: { shape }, best }) => {
      const extents = extentsOf(shape);
      return extents === undefined ? [] : called(kernel, extents, best.configuration);
    }),
    ...called(kernel, undefined, configurationOf(kernel.fallback)),
  ];
  return [
    ...variables(tuned).map(({ name, parameter, value }) => check(name, parameter, value)),
    ...tuned.kernels.flatMap(ofKernel),
  ];
}

/** A source file for each header, because one file cannot include two. */
function source(written: Written): string {
  const { place, files } = written;
  return [
    `#include "c-header/${place}/${files[0].name}"`,
    '#include <stdio.h>',
    `void check${place}(void);`,
    `void check${place}(void) {`,
    ...checksOf(written).map(({ statement }) => `  ${statement}`),
    '}\n',
  ].join('\n');
}

describe.skipIf(!has('gcc', 'g++'))('c-header (skipped where gcc or g++ is absent)', () => {
  it.each([
    ['C99', 'gcc', ['-std=c99']],
    ['C++17', 'g++', ['-x', 'c++', '-std=c++17']],
  ])('means the same to %s, without a warning', async (_, compiler, flags) => {
    const all = await write(workshop, cHeader, 40);
    for (const written of all) workshop.put(`check${written.place}.c`, source(written));
    const of = (write: (place: number) => string): string => all.map(({ place }) => write(place)).join('\n');
    workshop.put(
      'main.c',
      `${of((place) => `void check${place}(void);`)}\nint main(void) {\n${of((place) => `  check${place}();`)}\n  return 0;\n}\n`,
    );
    const sources = all.map(({ place }) => `check${place}.c`);
    const compiled = workshop.perform(compiler, ...flags, ...STRICT, ...sources, 'main.c', '-o', 'checked');
    expect(compiled.stderr).toBe('');
    const printed = workshop.perform(`${workshop.path}/checked`).stdout.trimEnd().split('\n').map(Number);
    // An integer of more than 53 bits was rounded to a double before it was written.
    expect(printed).toEqual(all.flatMap((written) => checksOf(written).map(({ expected }) => expected + 0)));
    workshop.expectNothingDone();
  });

  it('accepts keywords of C and C++ and macros of common headers as parameters', async () => {
    const [{ tuned }] = await write(workshop, cHeader, 3);
    const [{ shapes }] = tuned.kernels;
    const configuration = Object.fromEntries(WORDS.map((word, place) => [word, place]));
    const kernel: TunedKernel = {
      name: 'k',
      dtype: 'f32',
      shapes: [{ ...shapes[0], best: { ...shapes[0].best, configuration } }],
      fallback: { kind: 'default', configuration, why: 'it is a test' },
    };
    const { files } = await cHeader.export({ ...tuned, kernels: [kernel] });
    workshop.put('words.h', files[0].text);
    const included = HEADERS.map((name) => `#include <${name}.h>\n`).join('');
    workshop.put('words.c', `${included}#include "words.h"\nint main(void) { return 0; }\n`);
    for (const [compiler, ...flags] of [
      ['gcc', '-std=gnu99'],
      ['gcc', '-std=c2x'],
      ['g++', '-x', 'c++', '-std=gnu++20'],
    ])
      expect(workshop.perform(compiler, ...flags, ...STRICT, '-fsyntax-only', 'words.c').stderr).toBe('');
  });
});

const HEADERS = 'assert complex errno iso646 math stdbool stddef stdio stdlib string'.split(' ');
const WORDS =
  `auto break case char const continue default do double else enum extern float for goto if inline int
  long register restrict return short signed sizeof static struct switch typedef union unsigned void volatile
  while alignas alignof bool constexpr false nullptr true typeof and or not xor asm bitand bitor compl catch class
  concept delete explicit export friend mutable namespace new noexcept operator private protected public requires
  template this throw try typeid typename using virtual decltype consteval constinit linux unix i386 errno stdin
  stdout stderr complex assert NULL EOF I NAN staticCast static_cast staticAssert static_assert threadLocal
  thread_local coAwait co_await andEq and_eq wcharT wchar_t char8T char8_t found n0 _Bool __x`.split(/\s+/);
