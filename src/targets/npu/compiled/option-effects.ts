import { type HexagonCode, hexagonCodeKey } from './code.ts';

/** A code with the instructions that it became; codes that became the same ones have the same text. */
export type MadeCode = Readonly<{ code: HexagonCode; instructions: string }>;

type Option = 'floats' | 'vectorCombine';
const OPTIONS: readonly Option[] = Object.freeze(['floats', 'vectorCombine']);

/**
 * What the compiler's options did not do, in sentences: one that changed no instruction can have no gain, and of two
 * that change some only together, neither has a gain of its own.
 */
export function optionNotes(made: readonly MadeCode[]): readonly string[] {
  const known = new Map(made.map(({ code, instructions }) => [hexagonCodeKey(code), instructions]));
  const alone = OPTIONS.flatMap((option) => {
    const pairs = made.flatMap(({ code, instructions }) => {
      if (!isFirst(code, option)) return [];
      const other = known.get(hexagonCodeKey(flipped(code, option)));
      return other === undefined ? [] : [other === instructions];
    });
    const same = pairs.filter((isSame) => isSame).length;
    if (same === 0) return [];
    return [
      `${option} changed nothing in the compiled code of ${same} of ${pairs.length} pairs that differ in nothing else.`,
    ];
  });
  const [one, two] = OPTIONS;
  const squares = made.flatMap(({ code }) =>
    isFirst(code, one) && isFirst(code, two) ? [onlyTogether(code, known)] : [],
  );
  const together = squares.filter((isOnly) => isOnly).length;
  if (together === 0) return alone;
  return [
    ...alone,
    `${one} and ${two} changed the compiled code only together in ${together} of ${squares.length} cases: what they gain there, they gain as a pair.`,
  ];
}

/** Whether neither option changes anything at some corner of the four codes, and both do. */
function onlyTogether(code: HexagonCode, known: ReadonlyMap<string, string>): boolean {
  const [one, two] = OPTIONS;
  const corners = [code, flipped(code, one), flipped(code, two), flipped(flipped(code, one), two)];
  const at = (corner: HexagonCode): string | undefined => known.get(hexagonCodeKey(corner));
  if (corners.some((corner) => at(corner) === undefined)) return false;
  return corners.some(
    (corner) =>
      at(flipped(corner, one)) === at(corner) &&
      at(flipped(corner, two)) === at(corner) &&
      at(flipped(flipped(corner, one), two)) !== at(corner),
  );
}

/** Vector code with the value that clang has unasked; scalar code has none of these options. */
function isFirst({ vectorBytes, floats, vectorCombine }: HexagonCode, option: Option): boolean {
  return vectorBytes > 0 && (option === 'floats' ? floats === 'ieee' : vectorCombine);
}

function flipped(code: HexagonCode, option: Option): HexagonCode {
  return option === 'floats'
    ? { ...code, floats: code.floats === 'ieee' ? 'qfloat' : 'ieee' }
    : { ...code, vectorCombine: !code.vectorCombine };
}
