import { basename, join } from 'node:path';
import { InputError } from '../../../search-space/input-error.ts';
import { readText } from '../../text/read-json.ts';
import { importTtir } from '../ttir/import-ttir.ts';
import { filesUnder, HINT } from './cache-folder.ts';
import { type CacheImport, Collection } from './collection.ts';
import { sharedNames } from './launchables.ts';
import { matrixProduct } from './matrix-product.ts';
import { readLaunch, type Texts } from './read-launch.ts';
import type { TritonLaunch } from './triton-launch.ts';
import { isWrapper, type Launch, launchesOf } from './wrapper.ts';

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
  const launches = wrappers.flatMap(launchesOf);
  const model: Model = { texts, shared: sharedNames(wrappers), collection: new Collection() };
  for (const group of groupLaunches(launches)) importGroup(model, group);
  importUncalled(model, launches);
  return model.collection.result();
}

/** The Triton IR, the names that several kernels have, and what has been found. */
type Model = Readonly<{ texts: Texts; shared: ReadonlySet<string>; collection: Collection }>;

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

function importGroup(model: Model, { launch, calls }: Group): void {
  const { collection } = model;
  if (launch.kind === 'other') collection.refuse(launch.name, calls, launch.reason, []);
  else if (launch.kind === 'product') importProduct(collection, launch, calls);
  else if (launch.kind === 'triton') importLaunched(model, launch.name, [launch], calls);
  else importLaunched(model, launch.name, launch.alternatives, calls);
}

function importProduct(
  collection: Collection,
  launch: Extract<Launch, { kind: 'product' }>,
  calls: number,
): void {
  const source = `extern_kernels.${launch.name}`;
  const kernel = matrixProduct(launch);
  if (typeof kernel === 'string') collection.refuse(source, calls, kernel, []);
  else collection.add(kernel, calls, 0, [source]);
}

/** Of several that compute the same, the first that can be read gets the calls. */
function importLaunched(
  { texts, shared, collection }: Model,
  name: string,
  alternatives: readonly TritonLaunch[],
  calls: number,
): void {
  let left = calls;
  for (const launch of alternatives) {
    const { kernels, refused } = readLaunch(launch, texts, shared.has(launch.name));
    for (const { kernel, file } of kernels) {
      collection.add(kernel, left, 1, [file]);
      left = 0;
    }
    for (const { reason, files } of refused) collection.refuse(launch.name, 0, reason, files);
  }
  if (left > 0) collection.refuse(name, left, 'none of its kernels can be read', []);
}

/** Kernels that no wrapper launches are imported with what their programs say. */
function importUncalled({ texts, collection }: Model, launches: readonly Launch[]): void {
  const called = new Set(launches.flatMap(namesOf));
  for (const [name, variants] of texts) {
    if (called.has(name)) continue;
    for (const [file, text] of variants) {
      try {
        const { kernel, notes } = importTtir(text, { file, name });
        collection.add(kernel, 0, 1, [file]);
        for (const note of notes) collection.note(`${file}: ${note}`);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        collection.refuse(name, 0, error.message, [file]);
      }
    }
  }
}

function namesOf(launch: Launch): readonly string[] {
  if (launch.kind === 'choice') return launch.alternatives.map(({ name }) => name);
  return launch.kind === 'triton' ? [launch.name] : [];
}
