import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from './evaluate.ts';
import type { Value } from './parameter.ts';
import { parseConstraint } from './parse-constraint.ts';
import { type PythonValue, pythonValueOf } from './python-arithmetic.ts';

type Row = Readonly<{ text: string; value: PythonValue | null }>;
type Table = Readonly<{ python: string; values: Readonly<Record<string, Value>>; rows: readonly Row[] }>;

const table: Table = JSON.parse(
  readFileSync(new URL('./testdata/python-semantics.json', import.meta.url), 'utf8'),
);
const names = Object.keys(table.values);
const slots = Object.values(table.values).map(pythonValueOf);

function pythonValue(text: string): PythonValue {
  const { expression } = parseConstraint(text, text, names);
  return compile(expression, (part) => (part.kind === 'name' ? names.indexOf(part.name) : undefined))(slots);
}

describe(`evaluation, as Python ${table.python} does it`, () => {
  it.each(table.rows.filter(({ value }) => value !== null))('$text', ({ text, value }) => {
    const found = pythonValue(text);
    // pow may differ in the last place between C libraries; all other results must be equal.
    if (typeof value === 'number' && text.includes('**')) expect(found).toBeCloseTo(value, 8);
    else if (typeof value === 'number') expect(Number(found) + 0).toBe(value + 0);
    else expect(found).toBe(value);
  });

  it.each(table.rows.filter(({ value }) => value === null))('refuses $text', ({ text }) => {
    expect(pythonValue(text)).toBeNaN();
  });
});
