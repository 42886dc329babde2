import { InputError } from '../../search-space/input-error.ts';
import { UNKNOWN_DTYPE } from '../kernels/opaque.ts';
import { formatShape } from '../kernels/shape.ts';
import { capitalEnd, capitalPart, markedCapital, smallPart, standsAsWritten } from '../languages/names.ts';

/** The key by which an export groups kernels. */
type Named = Readonly<{ name: string; dtype: string }>;

/** NIGHTSHIFT_GELU_F32; without the dtype if it is unknown, as an opaque kernel's may be. */
export function kernelMacro(kernel: Named): string {
  return ['NIGHTSHIFT', ...partsOf(kernel).map((part) => capitalPart(part, 'kebab-case'))].join('_');
}

/** NIGHTSHIFT_GELU_F32_64X16384; a shape that is not a list of extents gets a mark. */
export function shapeMacro(kernel: Named, shape: string): string {
  if (shape === formatShape([])) return `${kernelMacro(kernel)}_NO_SHAPE`;
  const isPlain = extentsOf(shape) !== undefined;
  return `${kernelMacro(kernel)}_${isPlain ? shape.toUpperCase() : markedCapital(shape)}`;
}

/** NIGHTSHIFT_GELU_F32_DEFAULT, for any other shape. */
export function defaultMacro(kernel: Named): string {
  return `${kernelMacro(kernel)}_DEFAULT`;
}

/** THREADS: the part of a macro's name that names the parameter. */
export function parameterMacro(parameter: string): string {
  return capitalEnd(parameter, 'camelCase');
}

/** NIGHTSHIFT_STAGING_DMA: a string value of a parameter. */
export function valueMacro(parameter: string, value: string): string {
  return `NIGHTSHIFT_${capitalPart(parameter, 'camelCase')}_${capitalEnd(value, 'kebab-case')}`;
}

/** nightshift_gelu_f32, or with an ending nightshift_gelu_f32_configuration. */
export function cFunction(kernel: Named, ending = ''): string {
  const parts = partsOf(kernel);
  const mark = parts.some((part) => standsAsWritten(part, 'kebab-case')) ? '_' : '';
  return ['nightshift', ...parts.map((part) => smallPart(part, 'kebab-case'))].join('_') + ending + mark;
}

function partsOf({ name, dtype }: Named): readonly string[] {
  return dtype === UNKNOWN_DTYPE ? [name] : [name, dtype];
}

/** The extents of "64x16384"; undefined if it is not a list of them, or one exceeds C's `long long`. */
export function extentsOf(shape: string): readonly number[] | undefined {
  if (!/^[1-9]\d*(x[1-9]\d*)*$/.test(shape)) return undefined;
  const extents = shape.split('x').map(Number);
  return extents.every(Number.isSafeInteger) ? extents : undefined;
}

/** A name in a generated file, and a description (`of`) of the thing it names. */
export type GivenName = Readonly<{ name: string; of: string }>;

/** Throws InputError if two things have the same name. */
export function checkDistinct(format: string, given: readonly GivenName[]): void {
  const owners = new Map<string, string>();
  for (const { name, of } of given) {
    const owner = owners.get(name);
    if (owner !== undefined) {
      throw new InputError(
        format,
        `${owner} and ${of} would both be ${name}`,
        'export each alone with --kernel, to separate folders, or as json',
      );
    }
    owners.set(name, of);
  }
}

/** "gelu f32 65536", for notes and comments. */
export function shapeLabel({ name, dtype, shape }: Named & Readonly<{ shape: string }>): string {
  return [...partsOf({ name, dtype }), ...(shape === formatShape([]) ? [] : [shape])].join(' ');
}

/** "kernel 'gelu' f32", for messages and comments. */
export function kernelLabel({ name, dtype }: Named): string {
  return `kernel '${name}' ${dtype}`;
}
