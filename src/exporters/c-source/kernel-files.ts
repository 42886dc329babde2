import type { DType, Operand } from '../../kernels/ir.ts';
import { formatShape } from '../../kernels/shape.ts';
import { cComment, cMember } from '../../languages/c.ts';
import type { GeneratedC } from '../../targets/native/generator/generate.ts';
import type { ExportedFile, TunedTarget } from '../_base.ts';
import { cFunction, kernelMacro } from '../names.ts';
import { headLines, originOf, withoutChoice } from '../words.ts';
import type { GeneralSource } from './general-source.ts';
import type { SourceKernel, SourceVariant } from './source-kernel.ts';

/** The comment at the top of each file: where it comes from, and which machine and compiler it was timed with. */
export function sourceHead(tuned: TunedTarget): string {
  const { cpu, cores, compiler, compilerVersion } = tuned.target.description;
  const machine = `Timed on ${cpu}, ${cores} cores, compiled by ${compiler}: ${compilerVersion}`;
  return [...headLines(tuned, 'c-source'), machine].map(cComment).join('\n');
}

/** gelu_f32: what the names of a kernel's files begin with. */
export function fileStem({ tuned }: SourceKernel): string {
  return cFunction(tuned).replace('nightshift_', '');
}

/** nightshift_gelu_f32_run. */
export function functionName({ tuned }: SourceKernel): string {
  return cFunction(tuned, '_run');
}

/** gelu_f32_65536.c: the code of one shape, which is compiled with flags of its own. */
export function variantFile(source: SourceKernel, { kernel }: SourceVariant): string {
  return `${[fileStem(source), kernel.shape.join('x') || 'any'].join('_')}.c`;
}

/** gelu_f32_general.c: the code of other extents. */
export function generalFile(source: SourceKernel): string {
  return `${fileStem(source)}_general.c`;
}

/** nightshift_gelu_f32_general. */
export function generalName({ tuned }: SourceKernel): string {
  return cFunction(tuned, '_general');
}

/** A kernel's header, its function, and a file for the code of each shape. */
export function kernelFiles(head: string, source: SourceKernel): readonly ExportedFile[] {
  const stem = fileStem(source);
  return [
    { name: `${stem}.h`, text: header(head, source) },
    { name: `${stem}.c`, text: dispatch(head, source) },
    ...source.variants.map((variant) => ({
      name: variantFile(source, variant),
      text: variantText(head, source, variant),
    })),
    ...(source.general === undefined
      ? []
      : [{ name: generalFile(source), text: generalText(head, source, source.general) }]),
  ];
}

/** An operand as a parameter: not like a type of stdint.h. */
export function operandName({ name }: Operand): string {
  const member = cMember(name);
  return member.endsWith('_t') ? `${member}_` : member;
}

/** No operand is called like this, or `at_`: members have an underscore only before a letter or after a whole name. */
const extentName = (place: number): string => `extent_${place}`;

function header(head: string, source: SourceKernel): string {
  const guard = `${kernelMacro(source.tuned)}_RUN_H`;
  return `${head}
${source.variants.flatMap((variant) => about(source, variant)).join('\n')}
#ifndef ${guard}
#define ${guard}

#include <stdint.h>

#include "nightshift_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Computes the kernel and returns 0. ${source.general === undefined ? ONLY_TUNED : ANY_SHAPE}
 * Operands lie at multiples of their elements' size and do not overlap. f16 and bf16 are their bits. Several threads
 * may call it at once.
 */
${prototype(source)};

#ifdef __cplusplus
}
#endif

#endif
`;
}

const ONLY_TUNED = `For extents other than those above it computes nothing and returns
 * NIGHTSHIFT_NOT_TUNED.`;
const ANY_SHAPE = `The shapes above have code of their own; other extents have general code, which
 * runs on one thread. For extents that the kernel cannot have it computes nothing and returns NIGHTSHIFT_NO_SHAPE.`;

/** What is known of a shape: its result, its configuration, and the size of its operands. */
function about({ tuned, operands }: SourceKernel, variant: SourceVariant): readonly string[] {
  const { best, study, kernel: record } = variant.tuned;
  const sizes = variant.kernel.operands.map(
    ({ elements, dtype, role }, place) =>
      `${operandName(operands[place])}: ${elements} ${dtype} (${ROLE[role]})`,
  );
  return [
    `${tuned.name} ${tuned.dtype} ${record.shape}: ${originOf(variant.tuned)}`,
    `  configuration ${JSON.stringify(best.configuration)}`,
    ...withoutChoice(study.space, best.configuration).map((sentence) => `  ${sentence}`),
    ...(best.configuration.firstTouch === true ? [`  ${TOUCHED}`] : []),
    `  operands ${sizes.join(', ')}`,
  ].map(cComment);
}

const TOUCHED = 'timed on operands whose pages each thread had touched first, its share of them: do the same';

const ROLE: Readonly<Record<Operand['role'], string>> = Object.freeze({
  input: 'read',
  output: 'written',
  inout: 'read and written',
});

function prototype(source: SourceKernel): string {
  const extents = Array.from({ length: source.rank }, (_, place) => `long long ${extentName(place)}`);
  const operands = source.operands.map(
    (operand) =>
      `${operand.role === 'input' ? 'const ' : ''}${elementType(operand.dtype)} *${operandName(operand)}`,
  );
  return `int ${functionName(source)}(${[...extents, ...operands].join(', ')})`;
}

function elementType(dtype: DType): string {
  return TYPES[dtype] ?? 'void';
}

const TYPES: Readonly<Partial<Record<DType, string>>> = Object.freeze({
  f32: 'float',
  i32: 'int32_t',
  i16: 'int16_t',
  i8: 'int8_t',
  u8: 'uint8_t',
  bool: 'uint8_t',
  f16: 'uint16_t',
  bf16: 'uint16_t',
});

function dispatch(head: string, source: SourceKernel): string {
  const plans = source.variants
    .flatMap(planNames)
    .map((name) => `extern const struct nightshift_plan ${name};`);
  const { general } = source;
  const addresses = source.operands.map((operand) => `(char *)${operandName(operand)}`);
  const body = [
    `char *const at_[] = {${addresses.join(', ')}};`,
    ...source.variants.map((variant) => branch(source, variant)),
    ...(source.rank === 0
      ? []
      : general === undefined
        ? ['return NIGHTSHIFT_NOT_TUNED;']
        : generalCall(source)),
  ];
  return `${head}
#include "${fileStem(source)}.h"

#include "nightshift_run.h"

${plans.join('\n')}${general === undefined ? '' : `\n${generalPrototype(source)};`}

${prototype(source)} {
${body.map((line) => `  ${line}`).join('\n')}
}
`;
}

function generalPrototype(source: SourceKernel): string {
  return `int ${generalName(source)}(const long *extents, char *const *at)`;
}

function generalCall(source: SourceKernel): readonly string[] {
  const extents = Array.from({ length: source.rank }, (_, place) => `(long)${extentName(place)}`);
  return [
    `const long extents_[] = {${extents.join(', ')}};`,
    `return ${generalName(source)}(extents_, at_);`,
  ];
}

function generalText(head: string, source: SourceKernel, { like, generated }: GeneralSource): string {
  return `${head}
${cComment(`Any extents, on one thread. Not timed: it has the registers of ${formatShape(like.kernel.shape)}.`)}
#define LANES ${generated.lanes}
#include "nightshift_lanes.h"
#include "nightshift_status.h"

#include <stdlib.h>

${generated.code}
${generalPrototype(source)};
${generalPrototype(source)} {
  if (!has_shape(extents)) return NIGHTSHIFT_NO_SHAPE;
  const size_t bytes = (size_t)scratch_bytes(extents);
  char *scratch = bytes == 0 ? NULL : aligned_alloc(64, bytes);
  if (bytes > 0 && scratch == NULL) return NIGHTSHIFT_NO_MEMORY;
  general(extents, scratch, at);
  free(scratch);
  return 0;
}
`;
}

function branch({ operands, rank }: SourceKernel, variant: SourceVariant): string {
  const [plan, anywhere] = planNames(variant);
  const tests = variant.kernel.shape.map((extent, place) => `${extentName(place)} == ${extent}LL`);
  const bytes = 4 * variant.generated.lanes;
  const aligned = operands
    .filter(({ role }) => role !== 'input')
    .map((operand) => `(uintptr_t)${operandName(operand)} % ${bytes} == 0`);
  const chosen = anywhere === undefined ? `&${plan}` : `${aligned.join(' && ')} ? &${plan} : &${anywhere}`;
  const call = `return nightshift_run_plan(${chosen}, at_);`;
  return rank === 0 ? call : `if (${tests.join(' && ')}) ${call}`;
}

/** The plan's name, and that of the code without stores past the caches if there is one. */
function planNames({ plan, anywhere }: SourceVariant): readonly string[] {
  return anywhere === undefined ? [plan] : [plan, `${plan}_anywhere`];
}

function variantText(head: string, source: SourceKernel, variant: SourceVariant): string {
  const { generated, anywhere } = variant;
  const [plan, other] = planNames(variant);
  return `${head}
${about(source, variant).join('\n')}
#define LANES ${generated.lanes}
#include "nightshift_lanes.h"
${generated.stages ? '#include "nightshift_staging.h"\n' : ''}#include "nightshift_run.h"

${planText(variant, generated, plan, 'run')}${
  anywhere === undefined
    ? ''
    : `\n/* Without stores past the caches: for results that lie anywhere. */\n${planText(variant, anywhere, other, 'run_anywhere')}`
}`;
}

function planText(
  { threads, chunk, pinned }: SourceVariant,
  { code, work, scratchBytes, helped }: GeneratedC,
  plan: string,
  name: string,
): string {
  const help = helped ? `${name}_help` : 'NULL';
  const members = [name, work, chunk, threads, scratchBytes, help, Number(pinned)];
  return `${ownFunctions(code, name)}
extern const struct nightshift_plan ${plan};
const struct nightshift_plan ${plan} = {${members.join(', ')}};
`;
}

/** The function `run` of the code and those called `run_…`, as a file's own, under another name. */
function ownFunctions(code: string, name: string): string {
  return code
    .replaceAll(/\brun(_\w+)?\b/g, (_, rest: string = '') => `${name}${rest}`)
    .replaceAll(/^void /gm, 'static void ');
}
