import { z } from 'zod';
import { partsOfTitle, TITLE_DIGITS, titleOfOther } from '../kernel-title.ts';
import type { KernelTitle } from '../records.ts';
import type { Database } from '../sqlite-database.ts';
import { TARGET_KINDS, targetKinds } from '../target-kinds.ts';
import { jsonText, parseRows } from './row.ts';
import { jsonObject } from './shapes.ts';

/** Unique titles for kernels and targets of the same name, and how to find them by title. */

type Kernel = Omit<KernelTitle, 'name'> & Readonly<{ called: string }>;

const twinRow = z.object({ hash: z.string(), source: z.string() });
const nameRow = z.object({ name: z.string() });
const targetRow = z.object({
  fingerprint: z.string(),
  kind: z.enum(TARGET_KINDS),
  description: jsonText(jsonObject),
});

/**
 * The title of a library kernel is its name. Any other kernel of that name, whether or not the library's is
 * stored, and one of two kernels with the same name and dtype and the same shape or shapes of other ranks, has its source and the beginning of its hash appended: "gelu (imported a1b2)".
 */
export function kernelTitle(database: Database, kernel: Kernel): KernelTitle {
  const { called, ...title } = kernel;
  const twins = twinsOf(database, kernel);
  const isLibrary = kernel.source === 'library';
  const isKnownByName = isLibrary
    ? twins.every(({ source }) => source !== 'library')
    : twins.length === 0 && !isInLibrary(database, called);
  if (isKnownByName) return Object.freeze({ ...title, name: called });
  const digits = beginning(
    kernel.hash,
    twins.map(({ hash }) => hash),
  );
  return Object.freeze({ ...title, name: titleOfOther(called, kernel.source, digits) });
}

/** Other kernels of the name: at the same shape, or of the user's own at shapes of other ranks, as no kernel has two. */
function twinsOf(database: Database, { called, shape, dtype, hash, source }: Kernel) {
  const rows = database.all(
    `SELECT hash, source FROM kernels
     WHERE name = :called AND dtype = :dtype AND hash <> :hash
       AND (shape = :shape OR (:isOwn AND source NOT IN ('library', 'opaque')
         AND length(shape) - length(replace(shape, 'x', '')) <> length(:shape) - length(replace(:shape, 'x', ''))))`,
    { called, shape, dtype, hash, isOwn: source === 'library' || source === 'opaque' ? 0 : 1 },
  );
  return parseRows(database, twinRow, rows);
}

function isInLibrary(database: Database, called: string): boolean {
  return database.get('SELECT 1 FROM library_names WHERE name = :called', { called }) !== undefined;
}

/** Makes these the names of the library; writes only if they are others than before. */
export function keepLibraryNames(database: Database, names: readonly string[]): void {
  const wanted = new Set(names);
  const kept = parseRows(database, nameRow, database.all('SELECT name FROM library_names'));
  if (kept.length === wanted.size && kept.every(({ name }) => wanted.has(name))) return;
  database.transaction(() => {
    database.run('DELETE FROM library_names');
    for (const name of wanted) database.run('INSERT INTO library_names (name) VALUES (:name)', { name });
  });
}

/**
 * The title of a target's latest fingerprint is its name; earlier ones are "npu (earlier 3f2e)". One that is the same
 * device, measured in another way (a command's words name the kernel), holds still: "board (setup 3f2e)". Where targets
 * of several kinds share a name, it is that of a kind that runs our kernels; another kind's latest fingerprint
 * is "npu (device 3f2e)".
 */
export function targetTitle(database: Database, called: string, fingerprint: string): string {
  const rows = database.all(
    'SELECT fingerprint, kind, description FROM targets WHERE name = :called ORDER BY saved_at DESC, fingerprint',
    { called },
  );
  const namesakes = parseRows(database, targetRow, rows);
  const owner = namesakes.find(({ kind }) => targetKinds[kind].runs === 'our kernels') ?? namesakes[0];
  const asked = namesakes.find((one) => one.fingerprint === fingerprint);
  if (asked === undefined || asked === owner) return called;
  const latest = namesakes.find(({ kind }) => kind === asked.kind) ?? asked;
  const isLatest = asked === latest && asked.kind !== owner.kind;
  const others = namesakes.map((one) => one.fingerprint).filter((other) => other !== fingerprint);
  const what = isLatest ? asked.kind : isSameDevice(asked, latest) ? 'setup' : 'earlier';
  return `${called} (${what} ${ending(fingerprint, others)})`;
}

type NamedTarget = z.infer<typeof targetRow>;

function isSameDevice(a: NamedTarget, b: NamedTarget): boolean {
  const { deviceFields } = targetKinds[a.kind];
  const said = ({ description }: NamedTarget, field: string): string => String(description[field] ?? '');
  return deviceFields?.every((field) => said(a, field) === said(b, field)) ?? false;
}

function beginning(hash: string, others: readonly string[]): string {
  let digits = TITLE_DIGITS;
  while (others.some((other) => other.startsWith(hash.slice(0, digits))) && digits < hash.length) digits++;
  return hash.slice(0, digits);
}

/** The shortest unique end of a fingerprint, which begins with the target's kind. */
function ending(fingerprint: string, others: readonly string[]): string {
  let digits = TITLE_DIGITS;
  while (others.some((other) => other.endsWith(fingerprint.slice(-digits))) && digits < fingerprint.length)
    digits++;
  return fingerprint.slice(-digits);
}

/** SQL for the hashes of the kernels with a name or title; its parameters are `kernelCalled` and `kernelDigits`. */
export const KERNELS_CALLED = `SELECT hash FROM kernel_names
  WHERE name = :kernelCalled AND substr(hash, 1, length(:kernelDigits)) = :kernelDigits`;

export function kernelsCalled(title: string): Readonly<{ kernelCalled: string; kernelDigits: string }> {
  const { called, digits } = partsOfTitle(title);
  return { kernelCalled: called, kernelDigits: digits };
}

/** SQL for the fingerprints of the targets with a name or title; its parameters are `targetCalled` and `targetDigits`. */
export const TARGETS_CALLED = `SELECT fingerprint FROM targets
  WHERE name = :targetCalled AND substr(fingerprint, -max(1, length(:targetDigits)), length(:targetDigits)) = :targetDigits`;

export function targetsCalled(title: string): Readonly<{ targetCalled: string; targetDigits: string }> {
  const [, called, digits] = /^(.+) \([\w-]+ ([^ )]+)\)$/.exec(title) ?? [];
  return { targetCalled: called ?? title, targetDigits: digits ?? '' };
}
