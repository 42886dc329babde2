import type { CodeEffects } from '../../../../tuner/attribution/code-effects.ts';
import {
  CODE_OPTION_NAMES,
  CODE_OPTIONS,
  type CodeOptionName,
  type HexagonCode,
  hexagonCodeKey,
  withOption,
} from './code.ts';

/** A code with the instructions that it became; codes that became the same ones have the same text. */
export type MadeCode = Readonly<{ code: HexagonCode; instructions: string }>;

/** What an option did in pairs of codes that differ in nothing else; of `lone` codes the other one was not compiled. */
export type OptionEffect = Readonly<{ option: CodeOptionName; pairs: number; same: number; lone: number }>;

/** What two options did together in fours of codes that differ in nothing else. */
export type PairEffect = Readonly<{
  options: readonly [CodeOptionName, CodeOptionName];
  cases: number;
  /** Where neither changes anything, and both do. */
  onlyTogether: number;
}>;

/** What the compiler's options did in the code that was made; what nobody compiled is unknown. */
export type OptionEffects = Readonly<{ alone: readonly OptionEffect[]; together: readonly PairEffect[] }>;

/** What options did, by the code itself: one that changed no instruction can have no gain. */
export function optionEffects(made: readonly MadeCode[]): OptionEffects {
  const known = new Map(made.map(({ code, instructions }) => [hexagonCodeKey(code), instructions]));
  const at = (code: HexagonCode): string | undefined => known.get(hexagonCodeKey(code));
  const codes = made.map(({ code }) => code);
  const alone = CODE_OPTION_NAMES.map((option): OptionEffect => {
    const pairs = codes.filter((code) => isFirst(code, option) && at(flipped(code, option)) !== undefined);
    const same = pairs.filter((code) => at(code) === at(flipped(code, option)));
    const vectors = codes.filter(({ vectorBytes }) => vectorBytes > 0).length;
    return { option, pairs: pairs.length, same: same.length, lone: vectors - 2 * pairs.length };
  });
  const together = CODE_OPTION_NAMES.flatMap((one, place) =>
    CODE_OPTION_NAMES.slice(place + 1).map((two): PairEffect => {
      const corners = (code: HexagonCode) => [
        code,
        flipped(code, one),
        flipped(code, two),
        flipped(flipped(code, one), two),
      ];
      const squares = codes.filter(
        (code) =>
          isFirst(code, one) &&
          isFirst(code, two) &&
          corners(code).every((corner) => at(corner) !== undefined),
      );
      const only = squares.filter((code) =>
        corners(code).some(
          (corner) =>
            at(flipped(corner, one)) === at(corner) &&
            at(flipped(corner, two)) === at(corner) &&
            at(flipped(flipped(corner, one), two)) !== at(corner),
        ),
      );
      return { options: [one, two], cases: squares.length, onlyTogether: only.length };
    }),
  );
  return {
    alone: alone.filter(({ pairs }) => pairs > 0),
    together: together.filter(({ onlyTogether }) => onlyTogether > 0),
  };
}

/** What it means for the parameters of a space: nothing of an option of which any compiled code lacks the other one. */
export function codeEffectsFrom({ alone, together }: OptionEffects): CodeEffects {
  const paired = alone.filter(({ lone }) => lone === 0);
  const bound = paired.flatMap(({ option, same, pairs }) => {
    const changed = pairs - same;
    // In each such four, one of its two pairs differs.
    const pair = together.find(
      ({ options, onlyTogether }) => options.includes(option) && onlyTogether === changed,
    );
    const partner = pair?.options.find((name) => name !== option);
    return changed === 0 || partner === undefined ? [] : [[option, partner] as const];
  });
  const idle = paired.filter(({ same, pairs }) => same === pairs).map(({ option }) => option);
  return { idle, bound, lacking: { parameter: 'vectorBytes', value: 0, options: CODE_OPTION_NAMES } };
}

/** In sentences: what options did not do alone, and what two did only together, of which neither has a gain of its own. */
export function effectNotes({ alone, together }: OptionEffects): readonly string[] {
  return [
    ...alone
      .filter(({ same }) => same > 0)
      .map(
        ({ option, same, pairs, lone }) =>
          `${option} changed nothing in the compiled code of ${same} of ${pairs} pairs that differ in nothing else${unpaired(lone)}.`,
      ),
    ...together.map(
      ({ options: [one, two], onlyTogether, cases }) =>
        `${one} and ${two} changed the compiled code only together in ${onlyTogether} of ${cases} cases: what they gain there, they gain as a pair.`,
    ),
  ];
}

function unpaired(lone: number): string {
  if (lone === 0) return '';
  return `; what it changes in ${lone} more ${lone === 1 ? 'code' : 'codes'} is unknown, as no other was compiled to compare`;
}

/** Vector code with the value that clang has unasked; scalar code has none of these options. */
function isFirst({ vectorBytes, options }: HexagonCode, option: CodeOptionName): boolean {
  return vectorBytes > 0 && options[option] === CODE_OPTIONS[option].values[0];
}

function flipped(code: HexagonCode, option: CodeOptionName): HexagonCode {
  const [first, second] = CODE_OPTIONS[option].values;
  return withOption(code, option, code.options[option] === first ? second : first);
}
