import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cMember } from './c.ts';
import { fileName, filePart } from './file-names.ts';
import { hostileName } from './hostile.fixture.ts';
import { capitalEnd, capitalPart, markedCapital, plainName, smallName, smallPart } from './names.ts';

const NONE = new Set<string>();

describe('a name in the project’s spelling', () => {
  it.each([
    ['threads', 'THREADS', 'threads'],
    ['vectorBytes', 'VECTOR_BYTES', 'vector_bytes'],
    ['tileX', 'TILE_X', 'tile_x'],
  ])('is words: %s', (name, capital, small) => {
    expect([capitalEnd(name, 'camelCase'), cMember(name)]).toEqual([capital, small]);
  });
  it('may be words with hyphens', () => {
    expect(capitalPart('layer-norm', 'kebab-case')).toBe('LAYER_NORM');
    expect(smallPart('layer-norm', 'kebab-case')).toBe('layer_norm');
  });
});

describe('any other name', () => {
  it.each([
    ['BX', 'BX_', 'BX_'],
    ['tile_x', 'tile_x', 'tile_x_'],
    ['int', 'INT', 'int_'],
    ['static_cast', 'static_cast', 'static_cast_'],
  ])('is kept as written: %s', (name, capital, small) => {
    expect([capitalEnd(name, 'camelCase'), cMember(name)]).toEqual([capital, small]);
  });
  it('is marked if it cannot be an identifier', () => {
    expect(cMember('größe')).toMatch(/^gr_e_x[0-9a-f]{16}$/);
    expect(cMember('')).toMatch(/^x[0-9a-f]{16}$/);
    expect(capitalPart('BX', 'camelCase')).toMatch(/^BX_x[0-9a-f]{16}$/);
  });
});

const rules: readonly (readonly [string, (name: string) => string, RegExp])[] = [
  ['a part in capitals, a parameter', (name) => capitalPart(name, 'camelCase'), /^\w+$/],
  ['a part in capitals, a kernel', (name) => capitalPart(name, 'kebab-case'), /^\w+$/],
  ['an end in capitals, a parameter', (name) => capitalEnd(name, 'camelCase'), /^\w+$/],
  ['an end in capitals, a value', (name) => capitalEnd(name, 'kebab-case'), /^\w+$/],
  ['a mark', (name) => markedCapital(name), /^\w+$/],
  ['a plain name', plainName, /^\w+$/],
  ['a whole name in small letters', (name) => smallName(name, 'kebab-case', NONE), /^[A-Za-z]\w*$/],
  ['a member of a struct', cMember, /^[A-Za-z]\w*$/],
  ['a part of a file’s name', filePart, /^\w[\w.-]*$/],
];

describe.each(rules)('%s', (_, rule, shape) => {
  it('is valid in the language, short enough and not reserved', () => {
    fc.assert(
      fc.property(hostileName, (name) => {
        const given = rule(name);
        expect(given).toMatch(shape);
        if (rule !== filePart) expect(given).not.toMatch(/__|^_/);
        expect(given.length).toBeLessThanOrEqual(200);
      }),
    );
  });
  it('differs for different names', () => {
    fc.assert(
      fc.property(hostileName, hostileName, (one, other) => {
        fc.pre(one !== other);
        expect(rule(one)).not.toBe(rule(other));
      }),
      { numRuns: 2000 },
    );
  });
  it('differs for names that differ in case and separators only', () => {
    const spellings = [
      'tileX',
      'tile_x',
      'TILE_X',
      'TileX',
      'Tile_X',
      'tileX_',
      'tile__x',
      'tile-x',
      'tile x',
    ];
    expect(new Set(spellings.map(rule)).size).toBe(spellings.length);
  });
});

describe('a file’s name', () => {
  it.each([
    ['hexagon-v75', 'hexagon-v75'],
    ['NVIDIA A100', 'NVIDIA-A100'],
    ['NVIDIA-A100', 'NVIDIA--A100'],
    ['Tesla V100-PCIE-16GB', 'Tesla-V100--PCIE--16GB'],
  ])('is the target’s name: %s', (target, stem) => {
    expect(fileName([filePart(target)], '.h')).toBe(`${stem}.h`);
  });
  it('is never the ending alone, and never a path', () => {
    expect(filePart('日本')).toMatch(/^x[0-9a-f]{16}$/);
    expect(filePart('../../etc/passwd')).toMatch(/^etc-passwd-x[0-9a-f]{16}$/);
  });
  it('is short enough for file systems, however long its parts are', () => {
    const name = fileName(['a'.repeat(300), 'b'.repeat(300)].map(filePart), '.t4.json');
    expect(name.length).toBeLessThanOrEqual(200);
    expect(fileName(['a'.repeat(300), 'c'.repeat(300)].map(filePart), '.t4.json')).not.toBe(name);
  });
});
