import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { boundOf, figureAt, withFigures } from './calibration.ts';
import { fieldValue, singleFields } from './fields.ts';
import {
  beyondReference,
  listTargets,
  loadTarget,
  machineOf,
  parseTarget,
  targetFingerprint,
} from './load.ts';
import { originsOf } from './origins.ts';
import { calibrationOf, parameterSets, setsOf, withParameterSet } from './parameter-sets.ts';

const fileOf = (name: string) =>
  z
    .record(z.string(), z.json())
    .parse(JSON.parse(readFileSync(new URL(`./data/${name}.json`, import.meta.url), 'utf8')));

/** The file of edge-2mib with one figure changed. */
const withFigure = (field: string, value: number | string, inner?: string): string => {
  const file = fileOf('edge-2mib');
  const figure = { value, source: 'x' };
  const part = z.record(z.string(), z.json()).parse(file[field]);
  return JSON.stringify({ ...file, [field]: inner === undefined ? figure : { ...part, [inner]: figure } });
};

const ownFiles = listTargets().filter((name) => !name.endsWith('-beyond'));

describe('a target', () => {
  it.each(ownFiles)('%s has a source for each of its figures', (name) => {
    const sources: string[] = [];
    const visit = (value: z.core.util.JSONType): void => {
      if (typeof value !== 'object' || value === null) return;
      if (!Array.isArray(value) && 'value' in value) sources.push(String(value.source));
      else Object.values(value).forEach(visit);
    };
    visit(fileOf(name));
    expect(sources.length).toBeGreaterThan(40);
    for (const source of sources) expect(source).toMatch(/^fitted$|^prior: .{5}|^.{12}/);
    expect(loadTarget(name).name).toBe(name);
  });

  it.each(ownFiles)('%s has fitted figures exactly if it has a calibration', (name) => {
    const isFitted = readFileSync(new URL(`./data/${name}.json`, import.meta.url), 'utf8').includes(
      '"fitted"',
    );
    expect(calibrationOf(loadTarget(name)) !== undefined).toBe(isFitted);
  });

  it('that stands for a compiler has a second one with what that compiler cannot express', () => {
    const [own, beyond] = ['hexagon-mlir', 'hexagon-mlir-beyond'].map(loadTarget);
    expect(listTargets()).toContain('hexagon-mlir-beyond');
    expect(own.compiler).toMatchObject({ unrolls: [1], pairs: false, threads: [1, 4] });
    expect(beyond.compiler).toMatchObject({ unrolls: [1, 2, 4, 8], pairs: true, threads: 'any' });
    expect(beyond.compiler.name).toBe(`more than ${own.compiler.name} can express`);
    expect(calibrationOf(beyond)).toEqual(calibrationOf(own));
    expect(targetFingerprint(beyond)).not.toBe(targetFingerprint(own));
  });

  it('goes beyond its compiler by name or by content, where it has limits', () => {
    const machine = fileOf('hexagon-mlir');
    expect(beyondReference({ kind: 'named', name: 'hexagon-mlir' })).toEqual({
      kind: 'named',
      name: 'hexagon-mlir-beyond',
    });
    const beyond = machineOf(beyondReference({ kind: 'machine', source: 'mine.json', machine }));
    expect(beyond).toEqual(loadTarget('hexagon-mlir-beyond'));
    const refused = /--beyond-compiler: (wasm|own\.json|hexagon-mlir-beyond) has no limits of a compiler/;
    for (const name of ['wasm', 'hexagon-mlir-beyond'])
      expect(() => beyondReference({ kind: 'named', name })).toThrow(refused);
    const other = { kind: 'machine', source: 'own.json', machine: fileOf('edge-2mib') } as const;
    expect(() => beyondReference(other)).toThrow(refused);
  });

  it('is read from a file’s content, without the calibration of a built-in target of its name', () => {
    const mine = parseTarget(fileOf('hexagon-mlir'), 'mine.json');
    expect(mine.name).toBe('hexagon-mlir');
    expect(calibrationOf(mine)).toBeUndefined();
  });

  it.each([
    ['{}', /schemaVersion/],
    [JSON.stringify({ ...fileOf('edge-2mib'), contexts: { value: 0, source: 'x' } }), /contexts\.value/],
    [JSON.stringify({ ...fileOf('edge-2mib'), clockGHz: 1.4 }), /clockGHz/],
    [JSON.stringify({ ...fileOf('edge-2mib'), speed: 1 }), /speed/],
    [JSON.stringify({ ...fileOf('edge-2mib'), memory: [] }), /memory: got \[\], expected at least 1 entries/],
    [withFigure('contexts', 1_000_000), /contexts\.value: got 1000000, expected at most 64/],
    [withFigure('clockGHz', 1e300), /clockGHz\.value: got 1e\+300, expected at most 10/],
    [withFigure('forkJoinUs', -1), /forkJoinUs\.value: got -1, expected at least 0/],
    [withFigure('contexts', 1.5), /contexts\.value: got 1\.5, expected a whole number/],
    [withFigure('contexts', '4'), /contexts\.value: got "4", expected a number/],
    [withFigure('vector', 3, 'bytes'), /vector\.bytes\.value: got 3, expected one of 16, 32/],
    [
      withFigure('scratchpad', 2 ** 31, 'bytes'),
      /scratchpad\.bytes\.value: got 2147483648, expected at most/,
    ],
    [
      JSON.stringify({ ...fileOf('edge-2mib'), callUs: { value: 3, source: 'x', range: [4, 9] } }),
      /callUs\.range: got \[4,9\], expected two numbers, the first at most the value/,
    ],
    [
      JSON.stringify({ ...fileOf('edge-2mib'), forkJoinUs: { value: 3, source: 'x', range: [-1, 9] } }),
      /forkJoinUs\.range\.0: got -1, expected at least 0/,
    ],
    [
      JSON.stringify({ ...fileOf('edge-2mib'), contexts: { value: 3, source: 'x', range: [1, 9] } }),
      /contexts\.range: unknown field/,
    ],
    [withFigure('direct', 0, 'totalGBs'), /direct\.totalGBs\.value: got 0, expected more than 0/],
    [
      JSON.stringify({ ...fileOf('edge-2mib'), contexs: 4 }),
      /contexs: unknown field, did you mean 'contexts'/,
    ],
  ])('is refused with the invalid field', (content, message) => {
    expect(() => parseTarget(JSON.parse(content), 'mine.json')).toThrow(message);
  });

  it('needs one unbounded memory level, the last', () => {
    const file = fileOf('hexagon-v75');
    const memory = z.array(z.json()).parse(file.memory).slice(0, 1);
    expect(() => parseTarget({ ...file, memory }, 'mine')).toThrow(/last level.*null/);
  });

  it('must allow its own default', () => {
    const file = z.looseObject({ compiler: z.looseObject({}) }).parse(fileOf('hexagon-v75'));
    const compiler = { ...file.compiler, unrolls: [2, 4] };
    expect(() => parseTarget({ ...file, compiler }, 'mine')).toThrow(/default\.unroll: 1 is not among/);
  });

  it('must have a known name', () => {
    expect(() => loadTarget('hexagon-v57')).toThrow(/did you mean 'hexagon-v7[359]'/);
  });
});

describe('a fingerprint', () => {
  it('changes with a figure, and not with the description', () => {
    const target = loadTarget('hexagon-v75');
    const same = targetFingerprint(
      parseTarget({ ...fileOf('hexagon-v75'), description: 'another' }, 'another.json'),
    );
    expect(same).toBe(targetFingerprint(loadTarget('hexagon-v75')));
    expect(targetFingerprint(withFigures(target, { clockGHz: 2 }))).not.toBe(same);
  });
});

describe('parameter sets', () => {
  it.each(['hexagon-mlir', 'snapdragon-8gen1'])(
    'of %s are at least 32, the first the file itself',
    (name) => {
      const target = loadTarget(name);
      const { sets, free } = calibrationOf(target) ?? { sets: [], free: [] };
      expect(sets.length).toBeGreaterThanOrEqual(32);
      for (const { path, low, high } of free) {
        expect(figureAt(target, path)).toBe(sets[0][path]);
        for (const set of sets) expect(set[path] >= low && set[path] <= high).toBe(true);
        const isAtBound = boundOf({ low, high }, sets[0][path]) !== undefined;
        expect(originsOf(target).get(path)?.kind).toBe(isAtBound ? 'prior' : 'fitted');
      }
      expect(figureAt(withParameterSet(target, 5), free[0].path)).toBe(sets[5][free[0].path]);
    },
  );

  it.each(['hexagon-mlir', 'snapdragon-8gen1'])(
    'of %s spread every figure with a stated range, those that are not fitted within it',
    (name) => {
      const target = loadTarget(name);
      const { sets, free } = calibrationOf(target) ?? { sets: [], free: [] };
      const fitted = new Set(free.map(({ path }) => path));
      for (const [path, { range }] of originsOf(target)) {
        if (range === undefined) continue;
        const values = sets.slice(1).map((set) => set[path]);
        expect(new Set(values).size, path).toBeGreaterThan(1);
        if (!fitted.has(path))
          expect(values.every((value) => value >= range[0] && value <= range[1])).toBe(true);
      }
    },
  );

  it.each(listTargets())(
    'of %s state a range for each prior number but those that make the space',
    (name) => {
      const fixed = ['contexts', 'vector.bytes', 'scratchpad.bytes', 'dma.strideLimitBytes'];
      const open = [...originsOf(loadTarget(name))].filter(
        ([path, { kind, value, range }]) =>
          kind === 'prior' && typeof value === 'number' && range === undefined && !fixed.includes(path),
      );
      expect(open).toEqual([]);
    },
  );

  it.each(ownFiles)('of a file like %s lie within its ranges and its limits, each stratum once', (name) => {
    const target = parseTarget({ ...fileOf(name), name: 'mine' }, 'mine.json');
    const { from, sets } = setsOf(target) ?? { from: null, sets: [] };
    expect([from, sets.length]).toEqual(['stated ranges', 40]);
    const limits = singleFields(target);
    for (const [path, { range, value }] of originsOf(target)) {
      if (range === undefined) continue;
      const drawn = sets.map((set) => set[path]);
      expect(drawn[0]).toBe(value);
      expect(Math.min(...drawn)).toBeGreaterThanOrEqual(range[0]);
      expect(Math.max(...drawn)).toBeLessThanOrEqual(range[1]);
      for (const each of drawn) expect(fieldValue(String(each), limits.get(path)!)).toBe(each);
      const last = drawn.slice(1).toSorted((a, b) => a - b);
      const share = (at: number) => Math.log(last[at] / range[0]) / Math.log(range[1] / range[0]);
      if (range[0] > 0 && !Number.isInteger(last[0])) expect(share(19)).toBeCloseTo(0.5, 1);
    }
    expect(targetFingerprint(target)).toBe(
      targetFingerprint(parseTarget({ ...fileOf(name), name: 'mine' }, 'again.json')),
    );
  });

  it('of two files that differ in one figure are the same but for that figure', () => {
    const file = fileOf('edge-2mib');
    const other = { value: 3, source: 'prior: slower', range: [1, 9] };
    const [a, b] = [file, { ...file, callUs: other }].map((each) => setsOf(parseTarget(each, 'mine'))?.sets);
    for (const [place, set] of (a ?? []).entries()) {
      const { callUs: _, ...rest } = set;
      expect(b?.[place]).toMatchObject(rest);
      expect(b?.[place].callUs).not.toBe(set.callUs);
    }
  });

  it('are none where no figure states a range', () => {
    const plain: unknown = JSON.parse(
      JSON.stringify(fileOf('edge-2mib'), (_, value) => {
        if (typeof value !== 'object' || value === null || !('range' in value)) return value;
        const { range: __, ...rest } = value;
        return rest;
      }),
    );
    expect(parameterSets(parseTarget(plain, 'mine.json'))).toBe(1);
  });

  it('do not change the target itself', () => {
    const target = loadTarget('hexagon-v75');
    const changed = withFigures(target, { 'memory.1.totalGBs': 1, 'ops.vector.load': 9 });
    expect([changed.memory[1].totalGBs, changed.ops.vector.load]).toEqual([1, 9]);
    expect(target.memory[1].totalGBs).toBe(60);
    expect(() => withFigures(target, { 'memory.7.totalGBs': 1 })).toThrow(RangeError);
  });
});
