import { type Content, type Expected, referenceCheckOf } from '../../checking/expected.ts';
import { BYTES, type Kernel } from '../../kernels/ir.ts';
import { formatShape } from '../../kernels/shape.ts';
import { cComment, cDouble, cString } from '../../languages/c.ts';
import { oneLine } from '../../languages/visible.ts';
import { lower } from '../../lowering/lower.ts';
import { NATIVE_POLICY } from '../../targets/native/policy.ts';
import { shapeLabel } from '../names.ts';
import { generalTests } from './general-source.ts';
import { fileStem, functionName } from './kernel-files.ts';
import type { SourceKernel } from './source-kernel.ts';

const SEED = 1;
/** Data repeat after so many elements: a prime number, so that rows differ, and few, because they stand in the file. */
const PERIOD = 509;
/** Values of a kernel's results that are compared, its first and last ones among them. */
const SAMPLES = 64;

/** A program that calls every shape of every kernel and compares a sample of the results with the reference. */
export function selfTest(head: string, sources: readonly SourceKernel[]): string {
  const tests = sources.flatMap(testedOf).map((each, place) => testText(each, place));
  return `${head}
#include "nightshift_self_test.h"

${sources.map((source) => `#include "${fileStem(source)}.h"`).join('\n')}

${tests.map(({ text }) => text).join('\n')}
static const struct test tests[] = {
${tests.map(({ entry }) => `  ${entry},`).join('\n')}
};

int main(void) { return run_tests(tests, sizeof tests / sizeof *tests); }
`;
}

type Tested = Readonly<{ source: SourceKernel; kernel: Kernel; label: string }>;

/** Every tuned shape, and some others where there is code for them. */
function testedOf(source: SourceKernel): readonly Tested[] {
  const { general, rank, variants } = source;
  const others = general === undefined ? [] : generalTests(general, rank, variants);
  return [
    ...variants.map(({ kernel, tuned }) => ({ source, kernel, label: shapeLabel(tuned.kernel) })),
    ...others.map((kernel) => {
      const label = shapeLabel({ ...source.tuned, shape: formatShape(kernel.shape) });
      return { source, kernel, label: `${label}, general` };
    }),
  ];
}

function testText(
  { source, kernel, label }: Tested,
  place: number,
): Readonly<{ text: string; entry: string }> {
  const { contents, expected } = referenceCheckOf(lower(kernel, NATIVE_POLICY), SEED, PERIOD);
  const samples = samplesOf(expected);
  const words = [...kernel.shape, ...kernel.operands.map((_, n) => `(void *)at[${n}]`)];
  const text = `${cComment(label)}
${contents.map((content, n) => blockText(kernel, content, n, place)).join('')}static const struct operand operands_${place}[] = {
${contents.map((content, n) => `  ${operandText(kernel, content, n, place)},`).join('\n')}
};
static const struct sample samples_${place}[] = {
${samples.map((values) => `  {${values.join(', ')}},`).join('\n')}
};
static int call_${place}(char *const *at) { return ${functionName(source)}(${words.join(', ')}); }
`;
  const entry = `{${cString(oneLine(label))}, call_${place}, operands_${place}, ${contents.length}, samples_${place}, ${samples.length}}`;
  return { text, entry };
}

/** The bits of the data, in words of an element. */
function blockText({ operands }: Kernel, { block }: Content, n: number, place: number): string {
  if (block === null) return '';
  const bytes = BYTES[operands[n].dtype];
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const words = Array.from({ length: block.length / bytes }, (_, at) => {
    if (bytes === 4) return view.getUint32(4 * at, true);
    return bytes === 2 ? view.getUint16(2 * at, true) : view.getUint8(at);
  });
  const lines: string[] = [];
  for (let at = 0; at < words.length; at += 10) lines.push(`  ${words.slice(at, at + 10).join(', ')},`);
  return `static const uint${8 * bytes}_t block_${place}_${n}[] = {\n${lines.join('\n')}\n};\n`;
}

function operandText({ operands }: Kernel, { block }: Content, n: number, place: number): string {
  const { dtype, elements } = operands[n];
  const data = block === null ? 'NULL, 0' : `block_${place}_${n}, ${block.length / BYTES[dtype]}`;
  return `{"${dtype}", ${BYTES[dtype]}, ${elements}, ${data}}`;
}

/** Operand, element, value and allowed error, evenly spread over what is known. */
function samplesOf(expected: readonly Expected[]): readonly (readonly (number | string)[])[] {
  const each = Math.max(2, Math.ceil(SAMPLES / expected.length));
  return expected.flatMap((one) => {
    const { operand, segments, values, tolerance } = one;
    const elements = (at: number): number => {
      let left = at;
      for (const { start, count } of segments) {
        if (left < count) return start + left;
        left -= count;
      }
      throw new Error('a value without a place');
    };
    const count = Math.min(each, values.length);
    const places = Array.from({ length: count }, (_, n) =>
      count === 1 ? 0 : Math.floor((n * (values.length - 1)) / (count - 1)),
    );
    return places.map((at) => [operand, elements(at), cDouble(values[at]), cDouble(tolerance[at])]);
  });
}
