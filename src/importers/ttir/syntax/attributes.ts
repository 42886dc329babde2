import type { Attribute, Type } from './ast.ts';
import {
  accept,
  type Cursor,
  expectMark,
  isMark,
  nested,
  next,
  peek,
  skipBalanced,
  unexpected,
} from './cursor.ts';
import { typeFromText } from './types.ts';

/** `{name = value, unit}`; the cursor stands on the brace. */
export function parseDictionary(cursor: Cursor): ReadonlyMap<string, Attribute> {
  return nested(cursor, () => {
    const entries = new Map<string, Attribute>();
    expectMark(cursor, '{');
    while (!accept(cursor, '}')) {
      const name = next(cursor);
      if (name.kind !== 'word' && name.kind !== 'string') throw unexpected(cursor, 'an attribute name');
      const key = name.kind === 'string' ? name.text.slice(1, -1) : name.text;
      entries.set(key, accept(cursor, '=') ? parseAttribute(cursor) : { kind: 'bool', value: true });
      if (!accept(cursor, ',') && !isMark(cursor, '}')) throw unexpected(cursor, "',' or '}'");
    }
    return entries;
  });
}

/** One attribute value with its optional `: type`. */
export function parseAttribute(cursor: Cursor): Attribute {
  const token = peek(cursor);
  if (token.kind === 'number') {
    next(cursor);
    return { kind: 'number', text: token.text, ...optionalType(cursor) };
  }
  if (token.kind === 'string') {
    next(cursor);
    optionalType(cursor);
    return { kind: 'string', value: token.text.slice(1, -1) };
  }
  if (isMark(cursor, '[')) return { kind: 'list', items: parseList(cursor, '[', ']') };
  if (isMark(cursor, '{')) return { kind: 'dict', entries: parseDictionary(cursor) };
  if (token.kind === 'word') return parseWord(cursor);
  if (token.kind === 'type') return { kind: 'type', type: parseType(cursor) };
  if (token.kind === 'alias' || token.kind === 'symbol') return { kind: 'other', text: next(cursor).text };
  if (isMark(cursor, '(')) {
    skipBalanced(cursor);
    return { kind: 'other', text: 'a complex number' };
  }
  throw unexpected(cursor, 'an attribute value');
}

function parseWord(cursor: Cursor): Attribute {
  const { text } = next(cursor);
  if (text === 'true' || text === 'false') return { kind: 'bool', value: text === 'true' };
  if (text === 'dense' && isMark(cursor, '<')) {
    const items = isMark(cursor, '>', 1) ? [] : parseList(cursor, '<', '>');
    return { kind: 'dense', items: flatten(items), ...optionalType(cursor) };
  }
  if (text === 'array' && isMark(cursor, '<')) {
    next(cursor);
    parseType(cursor);
    accept(cursor, ':');
    return { kind: 'list', items: parseItems(cursor, '>') };
  }
  const type = typeFromText(text);
  if (type.kind !== 'other') return { kind: 'type', type };
  if (isMark(cursor, '<')) skipBalanced(cursor);
  return { kind: 'other', text };
}

function parseList(cursor: Cursor, open: string, close: string): readonly Attribute[] {
  expectMark(cursor, open);
  return parseItems(cursor, close);
}

function parseItems(cursor: Cursor, close: string): readonly Attribute[] {
  return nested(cursor, () => {
    const items: Attribute[] = [];
    while (!accept(cursor, close)) {
      items.push(parseAttribute(cursor));
      if (!accept(cursor, ',') && !isMark(cursor, close)) throw unexpected(cursor, `',' or '${close}'`);
    }
    return items;
  });
}

function flatten(items: readonly Attribute[]): readonly Attribute[] {
  return items.flatMap((item) => (item.kind === 'list' ? flatten(item.items) : [item]));
}

function optionalType(cursor: Cursor): { type: Type } | Record<string, never> {
  return accept(cursor, ':') ? { type: parseType(cursor) } : {};
}

/** One type: `f32`, `tensor<…>`, `!tt.ptr<…>`, or `<…>` where the operation implies which kind it is. */
export function parseType(cursor: Cursor): Type {
  if (isMark(cursor, '<')) return typeFromText(unnamedType(cursor));
  const token = peek(cursor);
  if (token.kind !== 'word' && token.kind !== 'type' && token.kind !== 'alias')
    throw unexpected(cursor, 'a type');
  next(cursor);
  return typeFromText(token.text);
}

function unnamedType(cursor: Cursor): string {
  let text = '';
  while (!isMark(cursor, '>')) {
    if (peek(cursor).kind === 'end') throw unexpected(cursor, "'>'");
    text += next(cursor).text;
  }
  return text + next(cursor).text;
}

/** `T`, `T, T`, `T * T` (of a product), `(T, T)` or `()`. */
export function parseTypes(cursor: Cursor): readonly Type[] {
  if (!accept(cursor, '(')) return parseTypeItems(cursor);
  if (accept(cursor, ')')) return [];
  const types = parseTypeItems(cursor);
  expectMark(cursor, ')');
  return types;
}

function parseTypeItems(cursor: Cursor): readonly Type[] {
  const types = [parseType(cursor)];
  while (accept(cursor, ',') || accept(cursor, '*')) types.push(parseType(cursor));
  return types;
}
