import type { Argument, Attribute, Block, Operation, Region, Type } from './ast.ts';
import { parseAttribute, parseDictionary, parseType, parseTypes } from './attributes.ts';
import {
  accept,
  type Cursor,
  expectKind,
  expectMark,
  isMark,
  nested,
  next,
  peek,
  refuseAt,
  skipBalanced,
  skipLocation,
  unexpected,
} from './cursor.ts';
import type { TtirToken } from './tokens.ts';

const MAX_RESULTS = 64;
/** Control flow that the kernel IR has no place for, in forms that this parser does not know. */
const DATA_DEPENDENT = /^(cf\.|scf\.while$|scf\.parallel$|scf\.forall$)/;

/** What an operation collects while it is read. */
type Draft = {
  operands: string[];
  words: string[];
  attributes: Map<string, Attribute>;
  types: readonly Type[];
  resultTypes: readonly Type[];
  regions: Region[];
  callee?: string;
};

/** One operation in pretty or generic form, with its results and location. */
export function parseOperation(cursor: Cursor): Operation {
  const start = peek(cursor);
  const results = start.kind === 'ssa' ? parseResults(cursor) : [];
  const name = next(cursor);
  const { line, column } = name;
  const draft: Draft = {
    operands: [],
    words: [],
    attributes: new Map(),
    types: [],
    resultTypes: [],
    regions: [],
  };
  if (name.kind === 'string') parseGeneric(cursor, draft);
  else if (name.kind !== 'word') throw refuseAt(cursor, name, `expected an operation, got '${name.text}'`);
  else if (name.text === 'scf.for') parseFor(cursor, draft);
  else if (name.text === 'scf.if') parseIf(cursor, draft);
  else if (DATA_DEPENDENT.test(name.text)) {
    throw refuseAt(
      cursor,
      name,
      `${name.text}: a loop or branch whose course depends on data`,
      'scf.for and scf.if are supported',
    );
  } else parsePretty(cursor, draft, name);
  skipLocation(cursor);
  const text = name.kind === 'string' ? name.text.slice(1, -1) : name.text;
  return { name: text, results, line, column, ...draft };
}

function parseResults(cursor: Cursor): string[] {
  const names: string[] = [];
  do {
    const name = expectKind(cursor, 'ssa', 'a result').text;
    if (!accept(cursor, ':')) {
      names.push(name);
      continue;
    }
    const count = Number(expectKind(cursor, 'number', 'a number of results').text);
    if (!(count >= 1 && count <= MAX_RESULTS)) throw unexpected(cursor, `1 to ${MAX_RESULTS} results`);
    for (let index = 0; index < count; index++) names.push(`${name}#${index}`);
  } while (accept(cursor, ','));
  expectMark(cursor, '=');
  return names;
}

/** `(%a, %b) <{properties}> ({region}, {region}) {attributes} : (T, T) -> T` */
function parseGeneric(cursor: Cursor, draft: Draft): void {
  expectMark(cursor, '(');
  while (!accept(cursor, ')')) {
    draft.operands.push(expectKind(cursor, 'ssa', 'an operand').text);
    accept(cursor, ',');
  }
  if (isMark(cursor, '<') && isMark(cursor, '{', 1)) parseProperties(cursor, draft);
  if (isMark(cursor, '(') && isMark(cursor, '{', 1)) {
    next(cursor);
    do draft.regions.push(parseRegion(cursor, []));
    while (accept(cursor, ','));
    expectMark(cursor, ')');
  }
  if (isMark(cursor, '{')) addAll(draft.attributes, parseDictionary(cursor));
  parseSignature(cursor, draft);
}

function parseProperties(cursor: Cursor, draft: Draft): void {
  expectMark(cursor, '<');
  addAll(draft.attributes, parseDictionary(cursor));
  expectMark(cursor, '>');
}

/** `: T, T -> T`, `: T to T`, `: (T, T) -> (T)`; nothing where there is no colon. */
function parseSignature(cursor: Cursor, draft: Draft): void {
  if (!accept(cursor, ':')) return;
  draft.types = parseTypes(cursor);
  if (accept(cursor, '->') || accept(cursor, 'to')) draft.resultTypes = parseTypes(cursor);
}

/**
 * Any other pretty form: operands, bare words, `word = value`, attributes and a signature, in the
 * order they come; operands may stand behind a colon (`"text" : %x : T`). It ends with its signature, or where the next line starts something new.
 */
function parsePretty(cursor: Cursor, draft: Draft, name: TtirToken): void {
  let previous = name.line;
  for (;;) {
    const token = peek(cursor);
    if (token.kind === 'end' || isMark(cursor, '}') || (token.line > previous && startsNew(cursor))) return;
    if (token.kind === 'word' && token.text === 'loc') return;
    if (isMark(cursor, ':') && peek(cursor, 1).kind === 'ssa') {
      next(cursor);
      continue;
    }
    if (isMark(cursor, ':')) {
      parseSignature(cursor, draft);
      return;
    }
    previous = token.line;
    parsePiece(cursor, draft, name.text);
  }
}

function parsePiece(cursor: Cursor, draft: Draft, name: string): void {
  const token = peek(cursor);
  if (isMark(cursor, '{')) addAll(draft.attributes, parseDictionary(cursor));
  else if (isMark(cursor, '<') && isMark(cursor, '{', 1)) parseProperties(cursor, draft);
  else if (token.kind === 'word' && isMark(cursor, '=', 1)) {
    next(cursor);
    next(cursor);
    draft.attributes.set(token.text, parseAttribute(cursor));
  } else if (token.kind === 'ssa') draft.operands.push(next(cursor).text);
  else if (token.kind === 'symbol') draft.callee = next(cursor).text.slice(1);
  else if (token.kind === 'word' && isValueWord(token.text))
    draft.attributes.set('value', parseAttribute(cursor));
  else if (token.kind === 'word') draft.words.push(next(cursor).text);
  else if (token.kind === 'number' || token.kind === 'string')
    draft.attributes.set('value', parseAttribute(cursor));
  else if (['(', ')', ',', '[', ']', '->'].includes(token.text)) next(cursor);
  else throw unexpected(cursor, `an operand, an attribute or a type of ${name}`);
}

function isValueWord(text: string): boolean {
  return text === 'dense' || text === 'true' || text === 'false' || text === 'array';
}

/** Whether an operation, a block or the end of a region starts here. */
function startsNew(cursor: Cursor): boolean {
  const token = peek(cursor);
  if (token.kind === 'ssa') return isMark(cursor, '=', 1) || isMark(cursor, ':', 1) || isMark(cursor, ',', 1);
  if (token.kind === 'word') return token.text.includes('.');
  return token.kind === 'block' || (token.kind === 'string' && isMark(cursor, '(', 1));
}

/** `%i = %lower to %upper step %step iter_args(%a = %x) -> (T) : i32 { … }`, made generic. */
function parseFor(cursor: Cursor, draft: Draft): void {
  accept(cursor, 'unsigned');
  const induction = expectKind(cursor, 'ssa', 'an induction variable').text;
  for (const mark of ['=', 'to', 'step']) {
    if (!accept(cursor, mark)) throw unexpected(cursor, `'${mark}'`);
    draft.operands.push(expectKind(cursor, 'ssa', 'a bound').text);
  }
  const carried = accept(cursor, 'iter_args') ? parseCarried(cursor, draft) : [];
  if (accept(cursor, '->')) draft.resultTypes = parseTypes(cursor);
  const indexType: Type = accept(cursor, ':') ? parseType(cursor) : { kind: 'int', name: 'i32', bits: 32 };
  const arguments_ = [
    { name: induction, type: indexType },
    ...carried.map((name, index) => ({ name, type: draft.resultTypes[index] ?? unknownType })),
  ];
  draft.regions.push(parseRegion(cursor, arguments_));
  if (isMark(cursor, '{')) addAll(draft.attributes, parseDictionary(cursor));
}

const unknownType: Type = { kind: 'other', text: 'an unstated type' };

function parseCarried(cursor: Cursor, draft: Draft): string[] {
  const names: string[] = [];
  expectMark(cursor, '(');
  while (!accept(cursor, ')')) {
    names.push(expectKind(cursor, 'ssa', 'a loop-carried value').text);
    expectMark(cursor, '=');
    draft.operands.push(expectKind(cursor, 'ssa', 'an initial value').text);
    accept(cursor, ',');
  }
  return names;
}

/** `%condition -> (T) { … } else { … }` */
function parseIf(cursor: Cursor, draft: Draft): void {
  draft.operands.push(expectKind(cursor, 'ssa', 'a condition').text);
  if (accept(cursor, '->')) draft.resultTypes = parseTypes(cursor);
  draft.regions.push(parseRegion(cursor, []));
  if (accept(cursor, 'else')) draft.regions.push(parseRegion(cursor, []));
  if (isMark(cursor, '{')) addAll(draft.attributes, parseDictionary(cursor));
}

/** `{ operations ^block(arguments): operations }`; `given` are the arguments of an unlabelled entry block. */
export function parseRegion(cursor: Cursor, given: readonly Argument[]): Region {
  return nested(cursor, () => {
    expectMark(cursor, '{');
    const blocks: Block[] = [];
    while (!isMark(cursor, '}')) {
      const labelled = peek(cursor).kind === 'block';
      blocks.push(parseBlock(cursor, labelled ? parseLabel(cursor) : given));
    }
    next(cursor);
    return { blocks: blocks.length === 0 ? [{ arguments: given, operations: [] }] : blocks };
  });
}

function parseLabel(cursor: Cursor): readonly Argument[] {
  next(cursor);
  const arguments_ = isMark(cursor, '(') ? parseArguments(cursor) : [];
  expectMark(cursor, ':');
  return arguments_;
}

function parseBlock(cursor: Cursor, arguments_: readonly Argument[]): Block {
  const operations: Operation[] = [];
  while (!isMark(cursor, '}') && peek(cursor).kind !== 'block') operations.push(parseOperation(cursor));
  return { arguments: arguments_, operations };
}

/** `(%a: T {attributes} loc(…), …)` */
export function parseArguments(cursor: Cursor): readonly Argument[] {
  const found: Argument[] = [];
  expectMark(cursor, '(');
  while (!accept(cursor, ')')) {
    const name = expectKind(cursor, 'ssa', 'an argument').text;
    expectMark(cursor, ':');
    found.push({ name, type: parseType(cursor) });
    if (isMark(cursor, '{')) skipBalanced(cursor);
    skipLocation(cursor);
    if (!accept(cursor, ',') && !isMark(cursor, ')')) throw unexpected(cursor, "',' or ')'");
  }
  return found;
}

function addAll(into: Map<string, Attribute>, from: ReadonlyMap<string, Attribute>): void {
  for (const [name, value] of from) into.set(name, value);
}
