import { refusal } from '../refusal.ts';
import type { FunctionDefinition, Module } from './ast.ts';
import { parseTypes } from './attributes.ts';
import {
  accept,
  type Cursor,
  expectMark,
  isMark,
  next,
  peek,
  skipBalanced,
  skipLocation,
  unexpected,
} from './cursor.ts';
import { parseArguments, parseRegion } from './operations.ts';
import { requireSingleDefinitions } from './scopes.ts';
import { tokenizeTtir } from './tokens.ts';

/**
 * Parses the text of a Triton IR module: one or more `tt.func`, in a `module { … }` or bare.
 * Throws `InputError` with file, line and column.
 */
export function parseModule(text: string, file: string): Module {
  const cursor: Cursor = { file, tokens: tokenizeTtir(text, file), at: 0, depth: 0 };
  const functions: FunctionDefinition[] = [];
  while (peek(cursor).kind !== 'end') {
    const token = peek(cursor);
    if (token.kind === 'alias') skipAlias(cursor);
    else if (isFunction(token.text)) functions.push(parseFunction(cursor));
    else if (accept(cursor, 'module')) openModule(cursor);
    else if (accept(cursor, '}')) skipLocation(cursor);
    else throw unexpected(cursor, "'module' or 'tt.func'");
  }
  if (functions.length === 0) {
    throw refusal(file, { line: 1, column: 1 }, 'no tt.func in this file', 'a .ttir file holds one kernel');
  }
  for (const one of functions) requireSingleDefinitions(one, file);
  return { file, functions };
}

/** The kernel of a module: its only public function, or its last where none is marked. */
export function kernelFunction(module: Module): FunctionDefinition {
  const found = module.functions.filter((one) => one.public);
  if (found.length > 1) {
    const names = found.map((one) => one.name).join(', ');
    throw refusal(module.file, found[1], `several public functions (${names})`, 'keep one kernel in a file');
  }
  return found[0] ?? module.functions.at(-1);
}

function isFunction(text: string): boolean {
  return text === 'tt.func' || text === 'func.func';
}

/** `#loc3 = loc(…)` and other aliases at the module's level. */
function skipAlias(cursor: Cursor): void {
  next(cursor);
  expectMark(cursor, '=');
  if (peek(cursor).kind === 'alias') {
    next(cursor);
    return;
  }
  next(cursor);
  if (['(', '<', '{', '['].some((mark) => isMark(cursor, mark))) skipBalanced(cursor);
}

function openModule(cursor: Cursor): void {
  if (peek(cursor).kind === 'symbol') next(cursor);
  if (accept(cursor, 'attributes')) skipBalanced(cursor);
  expectMark(cursor, '{');
}

function parseFunction(cursor: Cursor): FunctionDefinition {
  const { line, column } = next(cursor);
  const visible = accept(cursor, 'public') || !(accept(cursor, 'private') || accept(cursor, 'nested'));
  const name = next(cursor);
  if (name.kind !== 'symbol') throw refusal(cursor.file, name, `expected '@name', got '${name.text}'`);
  const arguments_ = parseArguments(cursor);
  if (accept(cursor, '->')) skipResults(cursor);
  if (accept(cursor, 'attributes')) skipBalanced(cursor);
  const body = parseRegion(cursor, arguments_);
  skipLocation(cursor);
  return {
    name: name.text.slice(1).replaceAll('"', ''),
    public: visible,
    arguments: arguments_,
    body,
    line,
    column,
  };
}

function skipResults(cursor: Cursor): void {
  if (isMark(cursor, '(')) skipBalanced(cursor);
  else parseTypes(cursor);
}
