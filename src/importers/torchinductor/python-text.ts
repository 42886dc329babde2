/**
 * Reads the little Python that Inductor's wrappers consist of: one call a statement, with names,
 * numbers, tuples and calls as arguments. Nothing is executed.
 */

/** `target = callee(positional, …, name=value, …)`; arguments are texts. */
export type CallStatement = Readonly<{
  target: string | undefined;
  callee: string;
  positional: readonly string[];
  named: ReadonlyMap<string, string>;
}>;

/** The statements of a text that are calls, or assignments of a name or a call; comments and long strings are no part. */
export function callStatements(text: string): CallStatement[] {
  return statements(withoutStrings(text)).flatMap((statement): CallStatement[] => {
    const match = /^(?:([A-Za-z_]\w*)\s*=\s*)?([A-Za-z_][\w.]*)\s*(\(.*\))?$/s.exec(statement);
    if (match === null) return [];
    const [, target, callee, list] = match;
    if (list === undefined) {
      return target === undefined ? [] : [{ target, callee: '', positional: [callee], named: new Map() }];
    }
    return [{ target, callee: callee, ...argumentsOf(list) }];
  });
}

/** The call that an expression is: `reinterpret_tensor(buf3, (256, 256), (256, 1), 0)`. */
export function callExpression(text: string): CallStatement | undefined {
  return callStatements(text)[0];
}

function argumentsOf(list: string): Pick<CallStatement, 'positional' | 'named'> {
  const positional: string[] = [];
  const named = new Map<string, string>();
  for (const part of splitTopLevel(list.slice(1, -1))) {
    const match = /^([A-Za-z_]\w*)\s*=(?!=)(.*)$/s.exec(part);
    if (match === null) positional.push(part);
    else named.set(match[1], match[2].trim());
  }
  return { positional, named };
}

/** The numbers of a tuple `(2, 128, 256)`; undefined where it holds anything else. */
export function numbersOf(tuple: string | undefined): readonly number[] | undefined {
  const match = /^\((.*)\)$/s.exec(tuple?.trim() ?? '');
  if (match === null) return undefined;
  const numbers = splitTopLevel(match[1]).map(numberOf);
  return numbers.every((value) => value !== undefined) ? numbers : undefined;
}

/** A whole number, or undefined. */
export function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d+$/.test(text.trim()) ? Number(text) : undefined;
}

/** Parts between commas that are inside no brackets and no string; a last empty one is left out. */
function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (const { at, depth, quoted } of scan(text)) {
    if (text[at] !== ',' || depth > 0 || quoted) continue;
    parts.push(text.slice(start, at).trim());
    start = at + 1;
  }
  return [...parts, text.slice(start).trim()].filter((part) => part !== '');
}

/** Statements end at line ends and semicolons outside brackets. */
function statements(text: string): string[] {
  const found: string[] = [];
  let start = 0;
  let comment = -1;
  const close = (end: number): void => {
    found.push(text.slice(start, comment >= 0 ? comment : end).trim());
    start = end + 1;
    comment = -1;
  };
  for (const { at, depth, quoted } of scan(text)) {
    if (comment >= 0 && text[at] !== '\n') continue;
    if (text[at] === '#' && !quoted && depth === 0) comment = at;
    else if ((text[at] === '\n' || text[at] === ';') && depth === 0) close(at);
  }
  close(text.length);
  return found.filter((statement) => statement !== '');
}

type Position = Readonly<{ at: number; depth: number; quoted: boolean }>;

/** Every character with how many brackets are open around it; comments open none. */
function* scan(text: string): Generator<Position> {
  let depth = 0;
  let quote = '';
  let comment = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\n') {
      quote = '';
      comment = false;
    } else if (quote !== '') {
      if (character === quote && text[at - 1] !== '\\') quote = '';
    } else if (!comment && (character === "'" || character === '"')) quote = character;
    else if (!comment && '([{'.includes(character)) depth += 1;
    else if (!comment && ')]}'.includes(character)) depth = Math.max(0, depth - 1);
    else if (character === '#') comment = true;
    yield { at, depth: ')]}'.includes(character) ? depth + 1 : depth, quoted: quote !== '' };
  }
}

/** The text with its triple-quoted strings emptied. */
function withoutStrings(text: string): string {
  return text.replace(/'''[\s\S]*?(?:'''|$)|"""[\s\S]*?(?:"""|$)/g, "''");
}
