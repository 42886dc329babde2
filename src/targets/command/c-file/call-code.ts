import type { Signature, Taken } from './signature.ts';

type ArrayOf = Extract<Taken, { kind: 'array' }>;

/** What a function returns, as the last of its arrays. */
const RESULT = 'the result';
const OTHER_NUMBER = '0.5';

/**
 * The C that tells our main about a function: what its arrays are, and how it is called. `file` has no folder, which the
 * compiler is told with -iquote.
 */
export function callCode(file: string, signature: Signature): string {
  const { name, takes, hasReference } = signature;
  const arrays = arraysOf(signature);
  return [
    `/* Made by nightshift: calls ${name}() of the file that it includes. */`,
    `#include "nightshift-main.h"\n\n#include "${file}"`,
    ...takes.filter(({ kind }) => kind === 'extent').map(extentOf),
    arrays.map(({ type }, place) => `NIGHTSHIFT_ELEMENTS(${place}, ${type})`).join('\n'),
    tableOf(arrays),
    `const int nightshift_has_reference = ${hasReference ? 1 : 0};`,
    bytesOf(takes, arrays),
    callOf('nightshift_run', name, signature),
    hasReference
      ? callOf('nightshift_run_reference', `${name}_reference`, signature)
      : 'void nightshift_run_reference(void *const *nightshift_data) { (void)nightshift_data; }',
    '',
  ].join('\n\n');
}

function arraysOf({ takes, result }: Signature): readonly ArrayOf[] {
  const arrays = takes.filter((one) => one.kind === 'array');
  if (result === undefined) return arrays;
  return [...arrays, { kind: 'array', type: result, name: RESULT, extents: '[1]', isInput: false }];
}

/** Volatile, so that the function is not compiled for one size that its other callers do not have. */
function extentOf({ type, name }: Taken, place: number): string {
  const given = `NIGHTSHIFT_EXTENT_${place}`;
  return [
    `_Static_assert((${type})${given} == ${given}, "the extent ${name} is too large for ${type}");`,
    `static volatile const ${type} nightshift_extent_${place} = ${given};`,
  ].join('\n');
}

function tableOf(arrays: readonly ArrayOf[]): string {
  return [
    'const struct nightshift_array nightshift_arrays[] = {',
    ...arrays.map(
      ({ name, type, isInput }, place) =>
        `  NIGHTSHIFT_ARRAY(${place}, "${name}", ${type}, ${isInput ? 0 : 1}),`,
    ),
    '  NIGHTSHIFT_END\n};',
  ].join('\n');
}

/** Sizes may name the extents, which have their own names here. */
function bytesOf(takes: readonly Taken[], arrays: readonly ArrayOf[]): string {
  return [
    'size_t nightshift_bytes(int nightshift_array) {',
    ...takes
      .filter(({ kind }) => kind === 'extent')
      .map(({ type, name }, place) => `  const ${type} ${name} = nightshift_extent_${place}; (void)${name};`),
    '  switch (nightshift_array) {',
    ...arrays.map(({ type, extents }, place) => `    case ${place}: return sizeof(${type}${extents});`),
    '    default: return 0;\n  }\n}',
  ].join('\n');
}

function callOf(own: string, name: string, { takes, result }: Signature): string {
  let [extents, arrays] = [0, 0];
  const words = takes.map(({ kind }) => {
    if (kind === 'extent') return `nightshift_extent_${extents++}`;
    return kind === 'array' ? `nightshift_data[${arrays++}]` : OTHER_NUMBER;
  });
  const into = result === undefined ? '' : `*(${result} *)nightshift_data[${arrays}] = `;
  const body = `${into}${name}(${words.join(', ')});`;
  return `void ${own}(void *const *nightshift_data) {\n  (void)nightshift_data;\n  ${body}\n}`;
}
