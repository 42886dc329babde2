import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from './input-error.ts';
import { parseConstraint } from './parse-constraint.ts';

const names = ['threads', 'tile'];

describe('an invalid constraint', () => {
  it.each([
    ['', 'column 1 of "": expected a value, found the end'],
    ['tile <=', 'column 8 of "tile <=": expected a value, found the end'],
    ['tile <= 3)', 'column 10 of "tile <= 3)": expected an operator or the end, found \')\''],
    ['(tile <= 3', 'column 11 of "(tile <= 3": expected \')\', found the end'],
    ['tile = 3', "column 6 of \"tile = 3\": cannot read '=' (to compare, write '==')"],
    ['tile && 3', "cannot read '&' (write 'and')"],
    ['!tile', "cannot read '!' (write 'not')"],
    ["tile == 'a", 'the text is not closed'],
    ['tille > 3', "column 1 of \"tille > 3\": unknown parameter 'tille' (did you mean 'tile'?)"],
    [
      'round(tile) > 3',
      'column 1 of "round(tile) > 3": there is no function \'round\', only min, max and abs',
    ],
    ['min(tile) > 3', 'min takes two or more values'],
    ['abs(tile, 2) > 3', 'column 1 of "abs(tile, 2) > 3": abs takes one value'],
    ['tile in [1, 2', "expected ']', found the end"],
    ['tile == [1, 2]', 'column 9 of "tile == [1, 2]": a list may only stand after \'in\''],
    ['tile in [1] + [2]', 'column 13 of "tile in [1] + [2]": expected an operator or the end, found \'+\''],
    [
      'tile if tile else 1',
      'column 6 of "tile if tile else 1": expected an operator or the end, found \'if\'',
    ],
    ['tile.x', 'column 5 of "tile.x": cannot read \'.\''],
    ['tile 4', 'column 6 of "tile 4": expected an operator or the end, found \'4\''],
  ])('%s', (text, message) => {
    expect(() => parseConstraint(text, text, names)).toThrow(InputError);
    expect(() => parseConstraint(text, text, names)).toThrow(message);
  });

  it('neither crashes nor hangs, and every error names the column', () => {
    const word = fc.constantFrom(
      ...[
        'tile',
        'threads',
        'and',
        'or',
        'not',
        'in',
        '(',
        ')',
        '[',
        ']',
        ',',
        '+',
        '-',
        '*',
        '//',
        '%',
        '**',
      ],
      ...[
        '<',
        '<=',
        '==',
        '1',
        '0.5',
        "'a'",
        'min',
        'max',
        'abs',
        'for',
        '@',
        '"',
        '=',
        'x.y',
        '\n',
        '…',
        'True',
      ],
    );
    const text = fc.oneof(
      fc.array(word, { maxLength: 25 }).map((words) => words.join(' ')),
      fc.string(),
    );
    fc.assert(
      fc.property(text, (given) => {
        try {
          parseConstraint(given);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect(String(error)).toMatch(/column \d+ of "/);
        }
      }),
      { numRuns: 3000, seed: 4 },
    );
  });

  it('is refused if it is nested too deep or too long', () => {
    expect(() => parseConstraint('('.repeat(5000))).toThrow('nested more than 100 deep');
    expect(() => parseConstraint('not '.repeat(2000))).toThrow('nested more than 100 deep');
    expect(() => parseConstraint(`1${' + 1'.repeat(4000)}`)).toThrow(
      'has 16,001 characters; at most 10,000 are read',
    );
    const nested = (depth: number): string => (depth === 0 ? '1' : `tile in (${nested(depth - 1)})`);
    expect(parseConstraint(nested(60)).expression.kind).toBe('compare');
  });
});
