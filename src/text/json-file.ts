import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { InputError } from '../../search-space/input-error.ts';
import { type ByteRange, memberOfObject } from './json-bytes.ts';
import { type Ending, type JsonPart, JsonScanner } from './json-scanner.ts';
import { parseLenientJson } from './lenient-json.ts';

/** An entry of a list: its place in the file, and its value or the problem that keeps it from being parsed. */
export type JsonEntry = Readonly<{ place: string }> &
  (Readonly<{ kind: 'value'; value: unknown }> | Readonly<{ kind: 'broken'; problem: string }>);

/** Bytes that can be read several times, each time from the first. */
export type ByteSource = Readonly<{ name: string; bytes: () => AsyncIterable<Uint8Array> }>;

/** A JSON object whose long lists are not kept in memory: they are read again, entry by entry. */
export type JsonFile = Readonly<{
  name: string;
  /** The members of the outermost object, without its lists. */
  members: Readonly<Record<string, unknown>>;
  lists: Readonly<Record<string, Readonly<{ of: 'array' | 'object'; length: number }>>>;
  ending: Ending;
  /**
   * The entries of a list in order, in batches; empty for a list that is absent. If a member is named, the
   * value of each entry is that member alone (undefined if absent), which is much less work.
   */
  entries: (list: string, member?: string) => AsyncIterable<readonly JsonEntry[]>;
}>;

const CHUNK = 2 ** 18;
const MOST_BYTES = 16 * 2 ** 30;
const MOST_ENTRIES = 20_000_000;

/**
 * Scans a JSON object for its members and the lengths of its `lists`. A truncated text is read up to its
 * end, and `ending` says so. Throws InputError if it is not a JSON object or too large.
 */
export async function openJson(source: ByteSource, lists: readonly string[]): Promise<JsonFile> {
  const members: [string, unknown][] = [];
  const found = new Map<string, { of: 'array' | 'object'; length: number }>();
  const ending = await scan(source, lists, (bytes, parts) => {
    for (const part of parts) {
      if (part.kind === 'list') found.set(part.key, { of: part.of, length: 0 });
      else if (part.kind === 'member') members.push([part.key, memberOf(source, bytes, part)]);
      else count(source, found.get(part.key));
    }
  });
  return Object.freeze({
    name: source.name,
    members: Object.fromEntries(members),
    lists: Object.fromEntries(found),
    ending,
    entries: (list: string, member?: string) => entriesOf(source, lists, list, member),
  });
}

function count(source: ByteSource, list: { length: number } | undefined): void {
  if (list === undefined) return;
  list.length += 1;
  if (list.length > MOST_ENTRIES)
    throw new InputError(source.name, `has more than ${MOST_ENTRIES.toLocaleString('en-US')} entries`);
}

function memberOf(source: ByteSource, bytes: Buffer, { key, start, end }: JsonPart): unknown {
  try {
    return parseLenientJson(bytes.toString('utf8', start, end));
  } catch (error) {
    throw new InputError(source.name, `is not JSON: '${key}': ${messageOf(error)}`);
  }
}

async function* entriesOf(
  source: ByteSource,
  lists: readonly string[],
  list: string,
  member: string | undefined,
): AsyncGenerator<readonly JsonEntry[]> {
  const scanner = new JsonScanner(source.name, lists);
  let number = 0;
  for await (const chunk of bounded(source)) {
    const { bytes, parts } = scanner.take(chunk);
    const entries: JsonEntry[] = [];
    for (const part of parts) {
      if (part.kind !== 'entry' || part.key !== list) continue;
      const place = part.name === undefined ? `${list}[${number}]` : `${list}.${part.name}`;
      entries.push(entryOf(bytes, part, member, place));
      number += 1;
    }
    if (entries.length > 0) yield entries;
  }
}

function entryOf(bytes: Buffer, part: ByteRange, member: string | undefined, place: string): JsonEntry {
  try {
    const found = member === undefined ? part : memberOfObject(bytes, part, member);
    const value =
      found === undefined ? undefined : parseLenientJson(bytes.toString('utf8', found.start, found.end));
    return { kind: 'value', place, value };
  } catch (error) {
    return { kind: 'broken', place, problem: messageOf(error) };
  }
}

async function scan(
  source: ByteSource,
  lists: readonly string[],
  visit: (bytes: Buffer, parts: readonly JsonPart[]) => void,
): Promise<Ending> {
  const scanner = new JsonScanner(source.name, lists);
  for await (const chunk of bounded(source)) {
    const { bytes, parts } = scanner.take(chunk);
    visit(bytes, parts);
  }
  return scanner.end();
}

async function* bounded(source: ByteSource): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of source.bytes()) {
    total += chunk.length;
    if (total > MOST_BYTES) throw new InputError(source.name, 'is larger than 16 GiB');
    yield chunk;
  }
}

/** A file, plain or gzipped. Throws InputError if it cannot be read. */
export async function fileSource(path: string): Promise<ByteSource> {
  const about = await stat(path).catch((error: unknown) => {
    throw new InputError(path, hasCode(error, 'ENOENT') ? 'there is no such file' : 'cannot be read');
  });
  if (!about.isFile()) throw new InputError(path, 'is not a file');
  return { name: path, bytes: () => bytesOf(path) };
}

async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* (await isGzipped(path))
      ? unzipped(path)
      : chunksOf(createReadStream(path, { highWaterMark: CHUNK }));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(path, `cannot be read: ${messageOf(error)}`);
  }
}

/** Also unzips the beginning of a truncated file: the JSON scanner finds out whether the text is complete. */
async function* unzipped(path: string): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK, finishFlush: constants.Z_SYNC_FLUSH });
  const file = createReadStream(path, { highWaterMark: CHUNK });
  file.on('error', (error) => gunzip.destroy(error));
  let isEmpty = true;
  try {
    for await (const chunk of chunksOf(file.pipe(gunzip))) {
      isEmpty = false;
      yield chunk;
    }
  } finally {
    // After an error of gunzip it would stay open.
    file.destroy();
  }
  if (isEmpty) throw new InputError(path, 'is empty or cut: nothing can be unzipped', 'copy the whole file');
}

async function* chunksOf(stream: Readable): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) if (chunk instanceof Uint8Array) yield chunk;
}

async function isGzipped(path: string): Promise<boolean> {
  for await (const chunk of chunksOf(createReadStream(path, { end: 1 })))
    return chunk[0] === 0x1f && chunk[1] === 0x8b;
  return false;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
