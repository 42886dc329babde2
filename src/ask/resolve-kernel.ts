import { InputError, unknownName } from '../../search-space/input-error.ts';
import type { ImportedKernel } from '../../store/records.ts';
import { BYTES, type DType, type Kernel } from '../kernels/ir.ts';
import { parseKernel } from '../kernels/json.ts';
import { libraryKernels } from '../kernels/library.ts';
import { formatShape, parseShape } from '../kernels/shape.ts';
import type { KernelReference } from './kernel-reference.ts';
import type { Subject } from './study-spec.ts';

/** A kernel, and a sentence for each assumption that its text required. */
export type ResolvedKernel = Readonly<{
  kernel: Kernel;
  notes: readonly string[];
  /** "library", or where its text came from. */
  source: string;
  /** The reference with an import's name replaced by its content, as the name may later mean something else. */
  reference: KernelReference;
}>;

/** The user's own kernels, read only when a name is not in the library. Of one name, the first is meant. */
export type Imports = () => Promise<readonly OwnKernel[]>;
export type OwnKernel = Pick<ImportedKernel, 'kernel' | 'ttir'>;

export const noImports: Imports = async () => [];

/**
 * Finds and builds a kernel. Throws InputError for an unknown name, Triton IR that cannot be imported, and
 * a shape or dtype that the kernel cannot have.
 */
export async function resolveKernel(
  { kernel: reference, shape, dtype }: Pick<Subject, 'kernel' | 'shape' | 'dtype'>,
  imports: Imports = noImports,
): Promise<ResolvedKernel> {
  const extents = shape === undefined ? undefined : parseShape(shape);
  if (reference.kind === 'named') {
    const ofLibrary = libraryKernels.find(({ name }) => name === reference.name);
    const wanted = dtype === undefined ? undefined : parseDtype(dtype, ofLibrary?.dtypes);
    if (ofLibrary === undefined) {
      const content = await imported(reference.name, extents, imports);
      return ofDtype(await build(content, extents), wanted);
    }
    const kernel = ofLibrary.build(extents ?? ofLibrary.defaultShape, wanted ?? ofLibrary.dtypes[0]);
    return { kernel, notes: [], source: 'library', reference };
  }
  return ofDtype(await build(reference, extents), dtype === undefined ? undefined : parseDtype(dtype));
}

/** Throws InputError for an unknown dtype; its hint comes from those `offered`. */
export function parseDtype(word: string, offered?: readonly DType[]): DType {
  const known = Object.keys(BYTES).filter((name): name is DType => name in BYTES);
  const dtype = known.find((name) => name === word);
  if (dtype === undefined) throw unknownName('dtype', word, offered ?? known);
  return dtype;
}

async function build(
  reference: Exclude<KernelReference, { kind: 'named' }>,
  extents: readonly number[] | undefined,
): Promise<ResolvedKernel> {
  const { name } = reference;
  if (reference.kind === 'opaque') throw onlyItsDevice(name);
  const { source } = reference;
  if (reference.kind === 'ttir') {
    const { importTtir } = await import('../importers/ttir/import-ttir.ts');
    const shape = extents === undefined ? {} : { shape: extents };
    const { kernel, notes } = importTtir(reference.text, { file: source, name, ...shape });
    return { kernel, notes, source, reference };
  }
  const kernel = { ...parseKernel(reference.ir), name };
  if (extents === undefined || formatShape(extents) === formatShape(kernel.shape))
    return { kernel, notes: [], source, reference };
  const hint = 'import its Triton IR again, from which other shapes are made';
  throw new InputError('shape', `${name} is known at ${formatShape(kernel.shape)} only`, hint);
}

/** What to say where a kernel without IR would have to be run. */
export function onlyItsDevice(name: string): InputError {
  const hint =
    '`tune`, `ab` and `verify` take its program: --target command with --space, or --c, as docs/devices.md shows';
  return new InputError('kernel', `${name} has no IR: only its own device can run it`, hint);
}

/** The content of an imported kernel: its IR, or its Triton IR if another shape is asked for. */
async function imported(
  name: string,
  extents: readonly number[] | undefined,
  imports: Imports,
): Promise<Exclude<KernelReference, { kind: 'named' }>> {
  const own = await imports();
  const found = own.find(({ kernel }) => kernel.name === name);
  if (found === undefined) throw unknown(name, own);
  const { source, ir, shape } = found.kernel;
  const isOther = extents !== undefined && formatShape(extents) !== shape;
  if (isOther && found.ttir !== null) return { kind: 'ttir', name, source, text: found.ttir };
  return ir === null ? { kind: 'opaque', name } : { kind: 'ir', name, source, ir };
}

function unknown(name: string, own: readonly OwnKernel[]): InputError {
  if (name.endsWith('.c')) {
    const hint = `tune --c ${name}; no plan and no HTTP request can name a file`;
    return new InputError('kernel', `'${name}' is a C file, which only the command line reads`, hint);
  }
  if (/[/\\]|\.ttir$/.test(name)) {
    const hint = 'only the command line reads files; over HTTP, send the content';
    return new InputError('kernel', `'${name}' is a path`, hint);
  }
  const known = [...libraryKernels.map((kernel) => kernel.name), ...own.map(({ kernel }) => kernel.name)];
  // A kernel that is stored at several shapes is one name.
  return unknownName('kernel', name, [...new Set(known)]);
}

function ofDtype(resolved: ResolvedKernel, wanted: DType | undefined): ResolvedKernel {
  const { name, dtype } = resolved.kernel;
  if (wanted === undefined || wanted === dtype) return resolved;
  throw new InputError('dtype', `${name} was compiled for ${dtype}`, `import its ${wanted} variant`);
}
