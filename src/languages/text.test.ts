// Text formats: a reader gets each text unchanged, as a text, in its own line or cell.
import { describe, expect, it } from 'vitest';
import { formatCsv } from './csv.ts';
import { knownNames } from './hostile.fixture.ts';
import { prettyJson } from './json.ts';
import { element, escapeText } from './markup.ts';
import { pythonText } from './python.ts';
import { has, Workshop } from './tools.fixture.ts';
import { oneLine, visible, visibleLines, visibleThroughout } from './visible.ts';
import { readYaml, yamlText } from './yaml.ts';

const workshop = new Workshop();
const INVISIBLE = /(?! )[\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;

describe('visible', () => {
  it('spells out invisible characters, and keeps the rest', () => {
    expect(visible('a\u001b[2Jb\u202ec\u009bd\ud800')).toBe('a\\u001b[2Jb\\u202ec\\u009bd\\ud800');
    expect(visible('größe 日本 😀 µs –')).toBe('größe 日本 😀 µs –');
  });
  it.each([
    ...['\u200b', '\u2060', '\ufeff', '\u00ad', '\u3164', '\u180e', '\u034f', '\u115f', '\u2800', '\ufe0f'],
    ...['\u00a0', '\u2009', '\u3000'],
  ])('spells out what is drawn as nothing or as a blank: %j', (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    expect(visible(`conv${character}`)).toBe(`conv\\u${code}`);
    expect(visible('conv\u{e0041}')).toBe('conv\\u{e0041}');
  });
  it('keeps the lines of a text of several', () => {
    expect(visibleLines('a\n\tb\r\u0007')).toBe('a\n\tb\\u000d\\u0007');
    expect(oneLine('a \r\n\t b\u0007')).toBe('a b\\u0007');
    expect(oneLine('conv\u00a0')).toBe('conv\\u00a0');
  });
  it('applies to all names and values of a document', () => {
    const document = { 'a\u001b': ['b\u0007', 1, null, { c: 'd\n' }], e: Number.POSITIVE_INFINITY };
    const seen = visibleThroughout(document);
    expect(seen).toEqual({
      'a\\u001b': ['b\\u0007', 1, null, { c: 'd\\u000a' }],
      e: Number.POSITIVE_INFINITY,
    });
    expect(document.e).toBe(Number.POSITIVE_INFINITY);
    expect(document['a\u001b'][0]).toBe('b\u0007');
  });
});

describe('JSON', () => {
  it('is the same document without invisible characters', () => {
    const text = prettyJson(knownNames);
    expect(JSON.parse(text)).toEqual(knownNames);
    expect(text.replaceAll('\n', '')).not.toMatch(INVISIBLE);
  });
});

describe('YAML', () => {
  it('is the same document', () => {
    const document = { names: knownNames, ...Object.fromEntries(knownNames.map((name) => [name, name])) };
    expect(readYaml('it', yamlText(document))).toEqual(document);
  });
  it.skipIf(!hasPython('yaml'))('is the same to YAML 1.1 (skipped where PyYAML is absent)', () => {
    workshop.put('names.yaml', yamlText({ names: knownNames }));
    const read = workshop.python(
      'import json, yaml\nprint(json.dumps(yaml.safe_load(open("names.yaml", encoding="utf-8"))))',
    );
    expect(read).toEqual({ names: knownNames });
  });
});

describe.skipIf(!has('python3'))('Python (skipped where it is absent)', () => {
  it('reads texts unchanged', () => {
    const read = workshop.python(
      `import json\nprint(json.dumps([${knownNames.map(pythonText).join(',\n')}]))`,
    );
    expect(read).toEqual(knownNames);
  });
  it('reads CSV cell by cell', () => {
    workshop.put(
      'names.csv',
      formatCsv(
        ['name', 'next'],
        knownNames.map((name) => [name, 'next']),
      ),
    );
    const read = workshop.python(
      'import csv, json\nprint(json.dumps(list(csv.reader(open("names.csv", encoding="utf-8", newline="")))))',
    );
    const meant = (name: string): string => (FORMULAS.has(name) ? `'${visible(name)}` : visible(name));
    expect(read).toEqual([['name', 'next'], ...knownNames.map((name) => [meant(name), 'next'])]);
  });
  it('reads markup as one element with one text, in XML and in HTML', () => {
    const body = knownNames.map((name) => element('text', { title: name }, escapeText(name))).join('');
    workshop.put('names.svg', element('svg', {}, body));
    const texts = knownNames.map((name) => visibleLines(name));
    const xml = workshop.python(
      'import json, xml.etree.ElementTree as tree\nprint(json.dumps([[each.get("title"), each.text or "", len(each)] for each in tree.parse("names.svg").getroot()]))',
    );
    // XML turns an attribute's line feeds and tabs into blanks.
    expect(xml).toEqual(texts.map((text) => [text.replaceAll(/[\n\t]/g, ' '), text, 0]));
    const html = workshop.python(HTML_READER);
    expect(html).toEqual(
      texts.flatMap((text) => [['text', [['title', text]]], ...(text === '' ? [] : [text])]),
    );
  });
});

const FORMULAS = new Set(['=1+1', '@a', '@x@', '-1+1', '- a']);

const HTML_READER = `
import html.parser, json
found = []
class Reader(html.parser.HTMLParser):
    def handle_starttag(self, tag, attributes):
        if tag != "svg": found.append([tag, attributes])
    def handle_data(self, data): found.append(data)
reader = Reader()
reader.feed(open("names.svg", encoding="utf-8", newline="").read())
reader.close()
print(json.dumps(found))
`;

function hasPython(module: string): boolean {
  return has('python3') && workshop.perform('python3', '-c', `import ${module}`).status === 0;
}

describe('CSV', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+a', "'+a"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-1+1', "'-1+1"],
    [' =1', "' =1"],
    ['＝1', "'＝1"],
    ['\t=1', '\\u0009=1'],
    ['-1.5e-7', '-1.5e-7'],
    ['+3', '+3'],
    ['-', '-'],
    ['–', '–'],
    ['threads=4', 'threads=4'],
  ])('is not a formula: %j', (cell, text) => {
    expect(formatCsv(['a'], [[cell]])).toBe(`a\n${text}\n`);
  });
});
