import { type Place, refusal } from '../refusal.ts';

export type TokenKind =
  | 'ssa' // %name or %name#1
  | 'symbol' // @name
  | 'block' // ^bb0
  | 'alias' // #loc3, #tt.something<…>
  | 'type' // tensor<…> and !dialect.type<…>, whole
  | 'word' // tt.load, f32, true
  | 'number'
  | 'string'
  | 'mark' // punctuation
  | 'end';

export type TtirToken = Place & Readonly<{ kind: TokenKind; text: string }>;

const MAX_CHARACTERS = 16 * 1024 * 1024;

const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  ['ssa', /%[\w$.-]+(?:#\d+)?/y],
  ['symbol', /@(?:[\w$.-]+|"(?:[^"\\\n]|\\.)*")/y],
  ['block', /\^[\w$.-]+/y],
  ['alias', /#[A-Za-z_][\w$.]*/y],
  ['type', /![A-Za-z_][\w$.]*/y],
  ['number', /-?0x[0-9A-Fa-f]+|-?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?/y],
  ['word', /[A-Za-z_][\w$.]*/y],
  ['string', /"(?:[^"\\\n]|\\.)*"/y],
  ['mark', /->|::|[(){}<>[\],:=?*+\-/|&]/y],
];
const SPACE = /(?:\s+|\/\/[^\n]*)+/y;

/** Words and aliases whose `<…>` is one piece of text: `1x1024x!tt.ptr<f32>` is no token sequence. */
const BRACKETED_WORDS: readonly string[] = ['tensor', 'vector', 'memref'];

/** Splits a TTIR text. Throws `InputError` with line and column at a character no token starts with. */
export function tokenizeTtir(text: string, file: string): readonly TtirToken[] {
  if (text.length > MAX_CHARACTERS) {
    throw refusal(file, { line: 1, column: 1 }, `the text has ${text.length} characters`, '16 MiB at most');
  }
  const tokens: TtirToken[] = [];
  let at = 0;
  let line = 1;
  let lineStart = 0;
  const advance = (to: number): void => {
    for (let next = text.indexOf('\n', at); next >= 0 && next < to; next = text.indexOf('\n', next + 1)) {
      line += 1;
      lineStart = next + 1;
    }
    at = to;
  };
  for (;;) {
    SPACE.lastIndex = at;
    if (SPACE.test(text)) advance(SPACE.lastIndex);
    const place = { line, column: at - lineStart + 1 };
    if (at >= text.length) return [...tokens, { kind: 'end', text: 'end of text', ...place }];
    const found = matchToken(text, at);
    if (found === undefined) {
      throw refusal(file, place, `unexpected character ${JSON.stringify(text[at])}`, 'is this Triton IR?');
    }
    const end = withBrackets(found, text, at + found.text.length);
    if (end < 0) throw refusal(file, place, `'${found.text}<' is never closed`);
    tokens.push({ ...found, text: text.slice(at, end), ...place });
    advance(end);
  }
}

function matchToken(text: string, at: number): { kind: TokenKind; text: string } | undefined {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) continue;
    return BRACKETED_WORDS.includes(match[0]) ? { kind: 'type', text: match[0] } : { kind, text: match[0] };
  }
  return undefined;
}

/** The end of a type or alias with its `<…>`; -1 where that is not closed. */
function withBrackets(token: { kind: TokenKind }, text: string, end: number): number {
  if ((token.kind !== 'type' && token.kind !== 'alias') || text[end] !== '<') return end;
  let depth = 0;
  for (let at = end; at < text.length; at++) {
    if (text[at] === '<') depth += 1;
    if (text[at] === '>' && text[at - 1] !== '-') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return -1;
}
