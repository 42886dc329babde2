import { describe, expect, it } from 'vitest';
import { knownNames } from './hostile.fixture.ts';
import { markdownBlock, markdownCode, markdownTable, markdownText } from './markdown.ts';
import { has, Workshop } from './tools.fixture.ts';
import { oneLine } from './visible.ts';

const workshop = new Workshop();
const NAMES = [
  ...knownNames,
  ...['https://example.org', 'www.example.org', '~~a~~', '*a*', '_a_', '``', '`a`'],
  ...['<!-- a', '&#60;', '[x]: y', '[^1]', ':smile:', 'a | b', '\\|', 'javascript:x'],
];

it.each([
  ['vector-add 64x16384 f32', 'vector-add 64x16384 f32'],
  ['triton_poi_fused_0', 'triton_poi_fused_0'],
  ['1.24× [1.20, 1.30]', '1.24× \\[1.20, 1.30\\]'],
  ['<b>', '\\<b\\>'],
])('writes %s as %s', (text, markdown) => {
  expect(markdownText(text)).toBe(markdown);
});

/** The kinds of nodes, and all their text, according to GitHub's own parser. */
function parsed(markdown: string): Readonly<{ kinds: ReadonlySet<string>; text: string }> {
  workshop.put('a.md', markdown);
  const extensions = ['table', 'autolink', 'strikethrough', 'tagfilter', 'tasklist'].flatMap((name) => [
    '-e',
    name,
  ]);
  const { stdout } = workshop.perform('cmark-gfm', '-t', 'xml', ...extensions, 'a.md');
  const read = workshop.python(
    `import json, xml.etree.ElementTree as tree\nroot = tree.fromstring(${JSON.stringify(stdout)})\nprint(json.dumps([[each.tag.split("}")[1] for each in root.iter()], "".join(each.text or "" for each in root.iter() if each.tag.split("}")[1] in ("text", "code", "code_block"))]))`,
  );
  if (!Array.isArray(read)) throw new Error('no list');
  return { kinds: new Set(read[0]), text: String(read[1]) };
}

describe.skipIf(!has('cmark-gfm', 'python3'))('cmark-gfm (skipped where it or python3 is absent)', () => {
  it('reads a text as a text', () => {
    const lines = NAMES.map((name) => `(${markdownText(name)})`);
    const { kinds, text } = parsed(lines.join('\n\n'));
    expect([...kinds].sort()).toEqual(['document', 'paragraph', 'text']);
    expect(text).toBe(NAMES.map((name) => `(${oneLine(name)})`).join(''));
  });
  it('reads a cell as a cell', () => {
    const table = markdownTable(
      ['name', 'next'],
      ['left', 'left'],
      NAMES.map((name) => [`(${markdownText(name)})`, 'next']),
    );
    const { kinds, text } = parsed(table);
    expect([...kinds].sort()).toEqual([
      'document',
      'table',
      'table_cell',
      'table_header',
      'table_row',
      'text',
    ]);
    expect(text).toBe(`namenext${NAMES.map((name) => `(${oneLine(name)})next`).join('')}`);
  });
  it('reads code as code, in a text, in a cell and as a block', () => {
    const names = NAMES.filter((name) => name.trim() !== '');
    const inText = parsed(names.map((name) => `(${markdownCode(name)})`).join('\n\n'));
    expect([...inText.kinds].sort()).toEqual(['code', 'document', 'paragraph', 'text']);
    expect(inText.text).toBe(names.map((name) => `(${oneLine(name)})`).join(''));
    const cells = names.map((name) => [`(${markdownCode(name, 'inTable')})`]);
    const inTable = parsed(markdownTable(['name'], ['left'], cells));
    expect(inTable.kinds).toContain('code');
    expect(inTable.text).toBe(`name${names.map((name) => `(${oneLine(name)})`).join('')}`);
    const block = parsed(markdownBlock(NAMES));
    expect([...block.kinds]).toEqual(['document', 'code_block']);
    expect(block.text).toBe(NAMES.map((name) => `${oneLine(name)}\n`).join(''));
  });
});
