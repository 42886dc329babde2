import { type Dirent, readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { InputError } from '../../../search-space/input-error.ts';
import { kernelHash } from '../../kernels/hash.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { readText } from '../../text/read-json.ts';
import { importTtir } from '../ttir/import-ttir.ts';
import { kernelFunction, parseModule } from '../ttir/syntax/parse.ts';
import { matrixProduct } from './matrix-product.ts';
import { isWrapper, type Launch, launchesOf } from './wrapper.ts';

/** A kernel of the model: how often it is launched, from how many compiled variants, and their files. */
export type CachedKernel = Readonly<{
  kernel: Kernel;
  /** Launches in one pass through the wrappers. */
  calls: number;
  /** Texts that turned out to be this kernel; 0 for a library's matrix product. */
  variants: number;
  /** Files relative to the folder, or the library function's name. */
  sources: readonly string[];
}>;

/** What could not be imported, so that nothing of the model goes missing silently. */
export type RefusedKernel = Readonly<{
  name: string;
  calls: number;
  reason: string;
  sources: readonly string[];
}>;

export type CacheImport = Readonly<{ kernels: readonly CachedKernel[]; refused: readonly RefusedKernel[] }>;

const MAX_FILES = 100_000;

/**
 * All kernels of a torchinductor cache folder. Variants that differ only in block sizes are one
 * kernel; numels and call counts come from the wrappers. Throws `InputError` for a folder that
 * cannot be read or holds neither wrappers nor Triton IR.
 */
export function importTorchInductorCache(folder: string): CacheImport {
  const files = filesUnder(folder);
  const texts = readTexts(
    folder,
    files.filter((file) => file.endsWith('.ttir')),
  );
  const wrappers = files
    .filter((file) => file.endsWith('.py'))
    .map((file) => readText('cache', join(folder, file)))
    .filter(isWrapper);
  if (texts.size === 0 && wrappers.length === 0) {
    throw new InputError('cache', `there is no Inductor wrapper and no .ttir file in ${folder}`, HINT);
  }
  const launches = wrappers.flatMap((text) => launchesOf(text, integerArguments(texts)));
  const collection = new Collection();
  for (const group of groupLaunches(launches)) importGroup(collection, group, texts);
  importUncalled(collection, launches, texts);
  return collection.result();
}

const HINT = 'give the folder that torch calls TORCHINDUCTOR_CACHE_DIR';

/** The Triton IR of all variants, by kernel name and file. */
type Texts = ReadonlyMap<string, ReadonlyMap<string, string>>;

function readTexts(folder: string, files: readonly string[]): Texts {
  const texts = new Map<string, Map<string, string>>();
  for (const file of files) {
    const name = basename(file, '.ttir');
    const variants = texts.get(name) ?? new Map<string, string>();
    variants.set(file, readText('cache', join(folder, file)));
    texts.set(name, variants);
  }
  return texts;
}

/** Integer arguments by kernel, as its Triton IR names them. */
function integerArguments(texts: Texts): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const [name, variants] of texts) {
    const [file, text] = [...variants][0];
    try {
      const { arguments: all } = kernelFunction(parseModule(text, file));
      found.set(
        name,
        all.filter(({ type }) => type.kind === 'int').map((argument) => argument.name.slice(1)),
      );
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
  return found;
}

/** Equal launches together. */
type Group = Readonly<{ launch: Launch; calls: number }>;

function groupLaunches(launches: readonly Launch[]): Group[] {
  const groups = new Map<string, { launch: Launch; calls: number }>();
  for (const launch of launches) {
    const key = JSON.stringify(launch);
    const group = groups.get(key) ?? { launch, calls: 0 };
    group.calls += 1;
    groups.set(key, group);
  }
  return [...groups.values()];
}

function importGroup(collection: Collection, { launch, calls }: Group, texts: Texts): void {
  if (launch.kind === 'other') {
    collection.refuse(
      launch.name,
      calls,
      'no Triton kernel and no matrix product: a library or the runtime does it',
      [],
    );
    return;
  }
  if (launch.kind === 'product') {
    const source = `extern_kernels.${launch.name}`;
    const kernel = matrixProduct(launch);
    if (typeof kernel === 'string') collection.refuse(source, calls, kernel, []);
    else collection.add(kernel, calls, 0, [source]);
    return;
  }
  const variants = texts.get(launch.name);
  if (variants === undefined)
    collection.refuse(launch.name, calls, 'its .ttir file is not in the folder', []);
  else importVariants(collection, launch.name, calls, variants, launch.numels);
}

/** Imports each variant; calls count once, for the first kernel they give. */
function importVariants(
  collection: Collection,
  name: string,
  calls: number,
  variants: ReadonlyMap<string, string>,
  numels: Readonly<Record<string, number>>,
): void {
  let left = calls;
  for (const [file, text] of variants) {
    try {
      collection.add(importTtir(text, { file, name, numels }).kernel, left, 1, [file]);
      left = 0;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      collection.refuse(name, 0, error.message, [file]);
    }
  }
  if (left > 0) collection.countRefused(name, left);
}

/** Kernels that no wrapper launches are imported with what their programs say. */
function importUncalled(collection: Collection, launches: readonly Launch[], texts: Texts): void {
  const called = new Set(launches.flatMap((launch) => (launch.kind === 'triton' ? [launch.name] : [])));
  for (const [name, variants] of texts) {
    if (!called.has(name)) importVariants(collection, name, 0, variants, {});
  }
}

/** Kernels by the hash of their IR, refusals by name. */
class Collection {
  private readonly kernels = new Map<string, CachedKernel>();
  private readonly refusals = new Map<string, RefusedKernel>();

  add(kernel: Kernel, calls: number, variants: number, sources: readonly string[]): void {
    const hash = kernelHash(kernel);
    const known = this.kernels.get(hash);
    this.kernels.set(hash, {
      kernel: known?.kernel ?? kernel,
      calls: (known?.calls ?? 0) + calls,
      variants: (known?.variants ?? 0) + variants,
      sources: [...new Set([...(known?.sources ?? []), ...sources])],
    });
  }

  refuse(name: string, calls: number, reason: string, sources: readonly string[]): void {
    const known = this.refusals.get(name);
    this.refusals.set(name, {
      name,
      calls: (known?.calls ?? 0) + calls,
      reason: known?.reason ?? reason,
      sources: [...new Set([...(known?.sources ?? []), ...sources])],
    });
  }

  countRefused(name: string, calls: number): void {
    const known = this.refusals.get(name);
    if (known !== undefined) this.refusals.set(name, { ...known, calls: known.calls + calls });
  }

  result(): CacheImport {
    return { kernels: [...this.kernels.values()], refused: [...this.refusals.values()] };
  }
}

/** All files below a folder, relative to it, sorted; links are not followed. */
function filesUnder(folder: string): string[] {
  const found: string[] = [];
  const open = [folder];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const entry of entriesOf(next, folder)) {
      const path = join(next, entry.name);
      if (entry.isDirectory()) open.push(path);
      else if (entry.isFile()) found.push(relative(folder, path));
    }
    if (found.length > MAX_FILES)
      throw new InputError('cache', `${folder} holds more than ${MAX_FILES} files`, HINT);
  }
  return found.sort();
}

function entriesOf(path: string, folder: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    throw new InputError(
      'cache',
      `cannot read ${folder}: ${error instanceof Error ? error.message : ''}`,
      HINT,
    );
  }
}
