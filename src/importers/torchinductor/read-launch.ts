import { InputError } from '../../../search-space/input-error.ts';
import { kernelHash } from '../../kernels/hash.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { importTtir } from '../ttir/import-ttir.ts';
import { kernelFunction, parseModule } from '../ttir/syntax/parse.ts';
import { typeName } from '../ttir/syntax/types.ts';
import type { LaunchParameter } from './launchables.ts';
import type { TritonLaunch } from './triton-launch.ts';

/** The Triton IR of all variants, by kernel name and file. */
export type Texts = ReadonlyMap<string, ReadonlyMap<string, string>>;

export type LaunchReading = Readonly<{
  kernels: readonly Readonly<{ kernel: Kernel; file: string }>[];
  refused: readonly Readonly<{ reason: string; files: readonly string[] }>[];
}>;

/**
 * The variants of a launched kernel. What the launch leaves open is not assumed: it is refused. `isShared`
 * says that other kernels have the same name; then only files with its arguments can be its own.
 */
export function readLaunch(launch: TritonLaunch, texts: Texts, isShared: boolean): LaunchReading {
  const all = texts.get(launch.name);
  if (all === undefined) return refusal('its .ttir file is not in the folder');
  if (launch.open !== undefined) return refusal(launch.open);
  if (!isShared) return readVariants([...all], launch);
  const own = [...all].filter(([file, text]) => hasArguments(text, file, launch.parameters));
  const read = readVariants(own, launch);
  const hashes = new Set(read.kernels.map(({ kernel }) => kernelHash(kernel)));
  return hashes.size > 1 ? refusal(SHARED) : read;
}

const SHARED = 'several kernels have its name, and nothing says which of their files it was compiled to';

function refusal(reason: string): LaunchReading {
  return { kernels: [], refused: [{ reason, files: [] }] };
}

function readVariants(
  variants: readonly (readonly [file: string, text: string])[],
  launch: TritonLaunch,
): LaunchReading {
  const kernels: { kernel: Kernel; file: string }[] = [];
  const refused: { reason: string; files: readonly string[] }[] = [];
  for (const [file, text] of variants) {
    const read = readVariant(text, file, launch);
    if (typeof read === 'string') refused.push({ reason: read, files: [file] });
    else kernels.push({ kernel: read, file });
  }
  return { kernels, refused };
}

/** The kernel, or why it is none. */
function readVariant(text: string, file: string, { name, numels, grid }: TritonLaunch): Kernel | string {
  try {
    const { kernel, notes } = importTtir(text, { file, name, numels, ...(grid && { grid }) });
    return notes.length === 0 ? kernel : `the wrapper does not say how large it is: ${notes.join('; ')}`;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.message;
  }
}

/** Whether a program can be of a kernel with these parameters: compiled, it may lack those that are always 1. */
function hasArguments(text: string, file: string, parameters: readonly LaunchParameter[]): boolean {
  try {
    const types = new Map(parameters.map(({ name, type }) => [name, type]));
    const found = kernelFunction(parseModule(text, file)).arguments;
    return found.every(({ name, type }) => types.get(name.slice(1)) === tritonType(typeName(type)));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return true;
  }
}

/** `!tt.ptr<f32>` as signatures spell it, `*fp32`. */
function tritonType(type: string): string {
  const [, pointee] = /^!tt\.ptr<(.*)>$/.exec(type) ?? [];
  return `${pointee === undefined ? '' : '*'}${(pointee ?? type).replace(/^f(?=\d)/, 'fp')}`;
}
