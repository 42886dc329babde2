/** WebAssembly text as nested lists of words: '(i32.add (local.get $a) (i32.const 1))'. */
export type Form = string | readonly Form[];

/** Reads the forms of a text; strings keep their quotes, comments are not expected. */
export function readForms(text: string): readonly Form[] {
  const words = text.match(/"[^"]*"|[()]|[^\s()]+/g) ?? [];
  const open: Form[][] = [[]];
  for (const word of words) {
    if (word === '(') open.push([]);
    else if (word === ')') {
      const form = open.pop() ?? [];
      open[open.length - 1].push(form);
    } else open[open.length - 1].push(word);
  }
  return open[0];
}

export function isList(form: Form | undefined): form is readonly Form[] {
  return Array.isArray(form);
}

/** The first word of a list; '' for a word by itself. */
export function headOf(form: Form): string {
  const [head] = isList(form) ? form : [];
  return typeof head === 'string' ? head : '';
}

/** A function of a module by its name: its parameters and its body. */
export function functionIn(
  module: string,
  name: string,
): Readonly<{ parameters: readonly string[]; body: readonly Form[] }> {
  const [whole] = readForms(module);
  const found = isList(whole) ? whole.find((form) => isList(form) && form[1] === `$${name}`) : undefined;
  if (found === undefined || !isList(found)) throw new RangeError(`the module has no function '${name}'`);
  const parameters = found.filter(isList).flatMap(([head, parameter]) => {
    return head === 'param' ? [String(parameter)] : [];
  });
  return { parameters, body: found.slice(2) };
}
