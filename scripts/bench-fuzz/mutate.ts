import { integerBelow, type Random } from '../../search-space/random.ts';

/** Texts that often break parsers: numbers out of range, prototype properties, lone surrogates. */
const HOSTILE: readonly string[] = [
  ...['', ' ', '\0', '\n', '\u001b[2J', '\u202e', '\ud800', '\udfff', '\ufeff', '𝔘𝔫𝔦', 'é'.normalize('NFD')],
  ...[
    'NaN',
    'Infinity',
    '-Infinity',
    '-0',
    '1e999',
    '-1e-999',
    '9007199254740993',
    '1'.repeat(400),
    '0x10',
    '1_000',
  ],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'null', 'true', 'undefined'],
  ...[
    '/etc/passwd',
    '../..',
    'file:///dev/zero',
    '%00',
    '%zz',
    '{{',
    '}}',
    '[[',
    ']]',
    '"',
    "'",
    '\\',
    '`',
    '$(id)',
  ],
  ...[
    '2^20',
    '2^53',
    '2^-1',
    '0',
    '-1',
    'x'.repeat(5000),
    'range(1, 10**9)',
    '2**9999',
    '((((((((((',
    '* * *',
    '&a [*a]',
  ],
];

const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -0, -1, 0.5, 1e308, -1e308, 2 ** 53, 2 ** 31, 2 ** 32, 1e-320],
  ...[[], {}, [[]], [null], { __proto: 1 }, JSON.parse('{"__proto__": {"polluted": 1}}'), { constructor: 1 }],
];

const DEPTHS = [3, 50, 199, 201, 3000];
/** The longest mutated text, in characters. */
const LONGEST = 200_000;

/** A mutation of one of the examples, usually a small one. */
export function mutated(random: Random, examples: readonly string[]): string {
  let text = pick(random, examples);
  if (random() < 0.05) text = pick(random, HOSTILE).repeat(1 + integerBelow(random, 50));
  for (let steps = 1 + integerBelow(random, 3); steps > 0; steps--) {
    const data = random() < 0.5 ? mutatedData(random, text) : undefined;
    // Cut after each step: three steps that repeat their data 300 times would take minutes.
    text = (data ?? mutatedText(random, text, examples)).slice(0, LONGEST);
  }
  return text;
}

/** Replaces one value of the text's JSON; undefined if the text is not JSON. */
function mutatedData(random: Random, text: string): string | undefined {
  try {
    return JSON.stringify(exchanged(random, JSON.parse(text), 0));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function exchanged(random: Random, data: unknown, depth: number): unknown {
  const isInner = typeof data === 'object' && data !== null && Object.keys(data).length > 0;
  if (!isInner || depth > 20 || random() < 0.15) return exchange(random, data);
  if (Array.isArray(data)) {
    const at = integerBelow(random, data.length);
    if (random() < 0.1) return [...data, ...data];
    if (random() < 0.1) return data.filter((_, place) => place !== at);
    return data.with(at, exchanged(random, data[at], depth + 1));
  }
  const entries = Object.entries(data);
  const at = integerBelow(random, entries.length);
  const [key, value] = entries[at];
  const draw = random();
  if (draw < 0.1) entries.splice(at, 1);
  else if (draw < 0.2) entries[at] = [pick(random, HOSTILE), value];
  else entries[at] = [key, exchanged(random, value, depth + 1)];
  return Object.fromEntries(entries);
}

function exchange(random: Random, data: unknown): unknown {
  const draw = random();
  if (draw < 0.35) return pick(random, HOSTILE);
  if (draw < 0.7) return pick(random, VALUES);
  if (draw < 0.75) return nested(pick(random, DEPTHS), data);
  if (draw < 0.8) return Array.from({ length: integerBelow(random, 300) }, () => data);
  if (typeof data === 'number') return data * 10 ** (integerBelow(random, 40) - 20);
  return typeof data === 'string' ? mutatedText(random, data, [data]) : [data];
}

function nested(depth: number, data: unknown): unknown {
  let whole = data;
  for (let level = 0; level < depth; level++) whole = level % 2 === 0 ? [whole] : { a: whole };
  return whole;
}

function mutatedText(random: Random, text: string, examples: readonly string[]): string {
  const start = integerBelow(random, text.length + 1);
  const end = Math.min(text.length, start + integerBelow(random, 40));
  const [before, middle, after] = [text.slice(0, start), text.slice(start, end), text.slice(end)];
  switch (integerBelow(random, 7)) {
    case 0:
      return before + after;
    case 1:
      return before + pick(random, HOSTILE) + after;
    case 2:
      return before + middle.repeat(2 + integerBelow(random, 20)) + after;
    case 3:
      return before;
    case 4:
      return before + String.fromCharCode(integerBelow(random, 0x10000)) + after;
    case 5:
      return withNumber(text, start, pick(random, HOSTILE));
    default:
      return before + tailOf(random, pick(random, examples));
  }
}

/** Replaces the next number after a place. */
function withNumber(text: string, start: number, other: string): string {
  return text.slice(0, start) + text.slice(start).replace(/-?\d+(\.\d+)?/, () => other);
}

function tailOf(random: Random, text: string): string {
  return text.slice(integerBelow(random, text.length + 1));
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[integerBelow(random, list.length)];
}
