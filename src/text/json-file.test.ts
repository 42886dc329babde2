import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileSource, type JsonFile, openJson } from './json-file.ts';
import { textSource } from './json-text.fixture.ts';

const LISTS = ['results', 'cache'];

/** The whole content of a file as one object. */
async function dataIn(file: JsonFile): Promise<unknown> {
  const lists: Record<string, unknown> = {};
  for (const [name, { of, length }] of Object.entries(file.lists)) {
    const entries: [string, unknown][] = [];
    for await (const some of file.entries(name))
      for (const entry of some) entries.push([entry.place, entry.kind === 'value' ? entry.value : entry]);
    expect(entries).toHaveLength(length);
    const start = name.length + 1;
    lists[name] =
      of === 'array'
        ? entries.map(([, value]) => value)
        : Object.fromEntries(entries.map(([place, value]) => [place.slice(start), value]));
  }
  return { ...file.members, ...lists };
}

const leaf = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('"', '\\', '\\"', '{', ']', ',', ': ', 'é', '𝔘', '\u2028'),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
  fc.boolean(),
  fc.constant(null),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key(), tie('value')),
  ),
}));
const document = fc.record({
  schema_version: leaf,
  results: fc.array(value, { maxLength: 8 }),
  cache: fc.dictionary(key(), value, { maxKeys: 6 }),
  metadata: value,
});

function key(): fc.Arbitrary<string> {
  return fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((name) => name !== '__proto__' && !/^\d+$/.test(name));
}

describe('a JSON text in pieces', () => {
  it('equals the parsed text for any layout and chunk size', async () => {
    const same = fc.asyncProperty(
      document,
      fc.constantFrom(0, 1, 2, '\t', ' \r\n'),
      fc.integer({ min: 1, max: 40 }),
      async (data, indent, piece) => {
        const text = JSON.stringify(data, null, indent === ' \r\n' ? 1 : indent);
        const laidOut = indent === ' \r\n' ? text.replaceAll('\n', ' \r\n') : text;
        const file = await openJson(textSource(laidOut, piece), LISTS);
        expect(file.ending).toBe('whole');
        expect(await dataIn(file)).toEqual(JSON.parse(text));
      },
    );
    await fc.assert(same, { numRuns: 150 });
  });

  it('has the same ending as in one piece wherever it is truncated', async () => {
    const text = JSON.stringify(
      { a: 'x', results: [{ time: 1 }, { time: 2.5 }], cache: { k: [1] } },
      null,
      2,
    );
    for (let length = 1; length < text.length; length++) {
      const cut = text.slice(0, length);
      const whole = await openJson(textSource(cut, cut.length), LISTS);
      const inPieces = await openJson(textSource(cut, 3), LISTS);
      expect([inPieces.ending, inPieces.members, inPieces.lists]).toEqual([
        whole.ending,
        whole.members,
        whole.lists,
      ]);
      expect(whole.ending).not.toBe('whole');
    }
  });

  it('keeps its other entries where one is nested thousands deep', async () => {
    const deep = `${'['.repeat(3000)}${']'.repeat(3000)}`;
    const file = await openJson(textSource(`{"results": [{"time": 1}, ${deep}, {"time": 2}]}`), LISTS);
    const entries: unknown[] = [];
    for await (const some of file.entries('results')) entries.push(...some);
    expect(entries).toHaveLength(3);
    expect([entries[0], entries[2]]).toMatchObject([{ value: { time: 1 } }, { value: { time: 2 } }]);
  });
});

/** The places in this process's table of open files that lead to a path. */
function openings(path: string): readonly string[] {
  return readdirSync('/proc/self/fd').filter((file) => {
    try {
      return readlinkSync(`/proc/self/fd/${file}`) === path;
    } catch {
      return false;
    }
  });
}

describe.skipIf(!existsSync('/proc/self/fd'))('a packed file that is damaged (needs /proc)', () => {
  it('is closed after it was refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nightshift-packed-'));
    const path = join(folder, 'damaged.json.gz');
    const packed = gzipSync(JSON.stringify({ results: Array.from({ length: 500 }, (_, n) => Math.sin(n)) }));
    writeFileSync(path, packed.fill(0xff, 40, 80));
    await expect(openJson(await fileSource(path), LISTS)).rejects.toThrow(path);
    await expect.poll(() => openings(path)).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});
