import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Configuration } from '../../search-space/parameter.ts';
import { exportDocumentSchema } from '../../src/documents/export.ts';
import type { TunedTarget } from '../../src/exporters/_base.ts';
import { cHeader } from '../../src/exporters/c-header.ts';
import { cmake } from '../../src/exporters/cmake.ts';
import { env } from '../../src/exporters/env.ts';
import { exporterConformance } from '../../src/exporters/exporter.conformance.ts';
import { hexagonMlir, hexagonMlirProposed } from '../../src/exporters/hexagon-mlir.ts';
import { ireeHexagon } from '../../src/exporters/iree-hexagon.ts';
import { json } from '../../src/exporters/json.ts';
import { exporters } from '../../src/exporters/registry.ts';
import { t4 } from '../../src/exporters/t4.ts';
import { tunedTargets } from '../../src/exporters/tuned.ts';
import { differences, writeFiles } from '../../src/exporters/write.ts';
import { libraryKernel } from '../../src/kernels/library.ts';
import { kernelRecord } from '../../src/kernels/record.ts';
import { resolveTarget } from '../../src/targets/resolve.ts';
import { writeWhole } from '../../src/text/write-whole.ts';
import type { Store } from '../../store/store.ts';
import { knownOr } from '../../tuner/attribution/gain.ts';
import { tune, tunedStore } from './tuned-store.fixture.ts';

let store: Store;
let tuned: readonly TunedTarget[];
const folder = mkdtempSync(join(tmpdir(), 'nightshift-export-'));
beforeAll(async () => {
  store = await tunedStore();
  await tune(store, { kernel: 'gelu', shape: '65536', target: 'edge-2mib', trials: 20 });
  for (const shape of ['65536', '1048576'])
    await tune(store, { kernel: 'gelu', shape, target: 'hexagon-mlir', trials: 20 });
  for (const shape of ['64x16384', '64x1024'])
    await tune(store, { kernel: 'vector-add', shape, target: 'hexagon-mlir', trials: 20 });
  tuned = await tunedTargets(store, {}, ({ name }) => resolveTarget({ kind: 'named', name: name }));
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

for (const exporter of exporters) exporterConformance(exporter, async () => tuned);

const named = (name: string): TunedTarget => tuned.find(({ target }) => target.name === name) ?? tuned[0];
const v75 = (): TunedTarget => named('hexagon-v75');
const mlir = (): TunedTarget => named('hexagon-mlir');

/** Runs a program to its end; `isAbsent` if it is not installed. */
function perform(program: string, words: readonly string[], cwd = folder) {
  const { status, stdout, stderr, error } = spawnSync(program, words, { cwd, encoding: 'utf8' });
  return { status, stdout, stderr, isAbsent: error !== undefined };
}
const hasGcc = !perform('gcc', ['--version']).isAbsent;
const hasCmake = !perform('cmake', ['--version']).isAbsent;
const hasPython = !perform('python3', ['--version']).isAbsent;

describe('the tuned targets of a store', () => {
  it('is sorted by kernel, and by size', () => {
    expect(v75().kernels.map(({ name, shapes }) => [name, shapes.map(({ kernel }) => kernel.shape)])).toEqual(
      [
        ['gelu', ['65536', '1048576']],
        ['vector-add', ['64x16384']],
      ],
    );
  });
  it('falls back to the configuration with the least worst-case regret', () => {
    const { fallback, shapes } = v75().kernels[0];
    if (fallback.kind !== 'robust') throw new Error('expected a robust choice');
    const { choice } = fallback;
    expect(choice.worst).toBe(Math.max(...choice.regrets.map(({ regret }) => knownOr(regret) ?? 0)));
    expect(choice.worst).toBeGreaterThanOrEqual(1);
    expect(choice.regrets.map(({ shape }) => shape)).toEqual(shapes.map(({ kernel }) => kernel.shape));
  });
});

describe('json', () => {
  it('follows its schema', async () => {
    const { files } = await json.export(v75());
    const document = exportDocumentSchema.parse(JSON.parse(files[0].text));
    expect(document.target.from).toBe('simulator');
    expect(document.kernels[0].shapes[0].configuration).toEqual(
      v75().kernels[0].shapes[0].best.configuration,
    );
  });
});

describe('t4', () => {
  it('has the recommended configuration with its time and the origin comparison', async () => {
    const { files } = await t4.export(v75());
    const [{ best }] = v75().kernels[0].shapes;
    const { results } = JSON.parse(files[0].text);
    const own = { configuration: best.configuration, nightshift: { origin: 'comparison' } };
    const measurements = [{ name: 'time', value: best.timeUs, unit: 'microseconds' }];
    expect(results).toContainEqual(
      expect.objectContaining({ ...own, measurements, nightshift: expect.objectContaining(own.nightshift) }),
    );
  });
});

const MAIN = `#include <stdio.h>
#include "hexagon-v75.h"
int main(void) {
  nightshift_gelu_f32_configuration known = nightshift_gelu_f32(1048576), other = nightshift_gelu_f32(12345);
  printf("%lld %lld %d\\n", known.tile, other.threads, known.staging == NIGHTSHIFT_GELU_F32_1048576_STAGING);
  return nightshift_vector_add_f32(64, 16384).threads == NIGHTSHIFT_VECTOR_ADD_F32_64X16384_THREADS ? 0 : 1;
}
`;

describe.skipIf(!hasGcc)('c-header (skipped where gcc is absent)', () => {
  it.each([
    ['C', ['-std=c99']],
    ['C++', ['-x', 'c++']],
  ])('compiles as %s without a warning, and answers by shape', async (_, flags) => {
    const { files } = await cHeader.export(v75());
    for (const { name, text } of files) writeFileSync(join(folder, name), text);
    writeFileSync(join(folder, 'main.c'), MAIN);
    const compiled = perform('gcc', [
      ...flags,
      '-Wall',
      '-Wextra',
      '-Wpedantic',
      '-Werror',
      'main.c',
      '-o',
      'main',
    ]);
    expect(compiled.stderr).toBe('');
    const { status, stdout } = perform(join(folder, 'main'), []);
    const [, { best }] = v75().kernels[0].shapes;
    const { fallback } = v75().kernels[0];
    const threads = fallback.kind === 'robust' ? fallback.choice.configuration.threads : '';
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${best.configuration.tile} ${threads} 1\n` });
  });
});

describe.skipIf(!hasGcc)('c-header of shapes with different parameters (skipped where gcc is absent)', () => {
  it('has every shape in the function, with 0 for what it has no parameter for', async () => {
    const [gelu] = v75().kernels;
    const [first, second] = gelu.shapes;
    const other = { threads: 2, tileRows: 4 };
    const shapes = [first, { ...second, best: { ...second.best, configuration: other } }];
    const fallback = {
      kind: 'default',
      configuration: first.best.configuration,
      why: 'it is a test',
    } as const;
    const { files } = await cHeader.export({ ...v75(), kernels: [{ ...gelu, shapes, fallback }] });
    writeFileSync(join(folder, 'mixed.h'), files[0].text);
    const calls = [65536, 1048576, 5].map(
      (n) => `printf("%lld %lld\\n", nightshift_gelu_f32(${n}).tile, nightshift_gelu_f32(${n}).tile_rows);`,
    );
    writeFileSync(
      join(folder, 'mixed.c'),
      `#include <stdio.h>\n#include "mixed.h"\nint main(void) { ${calls.join(' ')} return 0; }\n`,
    );
    const flags = ['-std=c99', '-Wall', '-Wextra', '-Wpedantic', '-Werror'];
    expect(perform('gcc', [...flags, 'mixed.c', '-o', 'mixed']).stderr).toBe('');
    const { tile } = first.best.configuration;
    expect(perform(join(folder, 'mixed'), []).stdout).toBe(`${tile} 0\n0 4\n${tile} 0\n`);
    expect(files[0].text).toContain('/* no parameter here: ');
  });
});

const CMAKE = `cmake_minimum_required(VERSION 3.16)
project(test C)
include(hexagon-v75.cmake)
add_library(a STATIC main.c)
nightshift_tuned(a gelu f32 1048576)
nightshift_tuned(a vector-add f32 1x2)
get_target_property(defined a COMPILE_DEFINITIONS)
message("\${defined}")
`;

describe.skipIf(!hasCmake || !hasGcc)('cmake (skipped where cmake is absent)', () => {
  it('gives a target the definitions of a shape, or the default ones', async () => {
    const { files } = await cmake.export(v75());
    for (const { name, text } of files) writeFileSync(join(folder, name), text);
    writeFileSync(join(folder, 'main.c'), 'int main(void) { return 0; }\n');
    writeFileSync(join(folder, 'CMakeLists.txt'), CMAKE);
    const { stderr, status } = perform('cmake', ['-S', '.', '-B', 'build']);
    expect(status).toBe(0);
    const { tile } = v75().kernels[0].shapes[1].best.configuration;
    expect(stderr).toContain(`NIGHTSHIFT_GELU_F32_TILE=${tile};`);
    expect(stderr).toMatch(/NIGHTSHIFT_VECTOR_ADD_F32_TILE_COLS=\d+/);
    expect(stderr).toMatch(/NIGHTSHIFT_STAGING_COPY=\d+/);
    writeFileSync(join(folder, 'CMakeLists.txt'), `${CMAKE}nightshift_tuned(a gelu f32 65536)\n`);
    const twice = perform('cmake', ['-S', '.', '-B', 'build']);
    expect(twice.status).not.toBe(0);
    expect(twice.stderr.replaceAll(/\s+/g, ' ')).toContain('a has gelu f32 for 1048576 already');
  });
});

describe('env', () => {
  it('is read by a shell', async () => {
    const { files } = await env.export(v75());
    writeFileSync(join(folder, files[0].name), files[0].text);
    const { stdout } = perform('sh', [
      '-c',
      `. ./${files[0].name} && echo $NIGHTSHIFT_GELU_F32_65536_THREADS`,
    ]);
    expect(stdout.trim()).toBe(String(v75().kernels[0].shapes[0].best.configuration.threads));
  });
});

describe.skipIf(!hasPython)('hexagon-mlir (skipped where python3 is absent)', () => {
  it('writes Python booleans', async () => {
    const { files } = await hexagonMlir.export(mlir());
    writeFileSync(join(folder, files[0].name), files[0].text);
    const program = `import hexagon_mlir_hexagon_mlir as m
o = m.options("gelu", "f32", "1048576")
assert all(type(v) in (bool, str) or k == "scratch" and v == 0 for k, v in o.items()), o
assert m.options("gelu", "f32", "77")["enableDoubleBuffering"] is False
assert m.options("what", "f32", "1") == {}
print(o["enableVectorization"])`;
    const { stdout, stderr } = perform('python3', ['-c', program]);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^(True|False)\n$/);
  });
});

describe('writing', () => {
  it('does not touch unchanged files, and finds differences', async () => {
    const into = join(folder, 'written');
    const files = [{ name: 'a.txt', text: 'one\n' }];
    expect(await differences(into, files)).toEqual([{ path: join(into, 'a.txt'), state: 'missing' }]);
    expect((await writeFiles(into, files))[0].state).toBe('written');
    const before = statSync(join(into, 'a.txt')).ino;
    expect((await writeFiles(into, files))[0].state).toBe('unchanged');
    expect(statSync(join(into, 'a.txt')).ino).toBe(before);
    const changed = [{ name: 'a.txt', text: 'two\n' }];
    expect(await differences(into, changed)).toEqual([{ path: join(into, 'a.txt'), state: 'different' }]);
    await writeFiles(into, changed);
    mkdirSync(join(into, 'folder.txt'));
    const hidden = differences(into, [{ name: 'folder.txt', text: '' }]);
    await expect(hidden).rejects.toThrow(`-o: cannot read ${join(into, 'folder.txt')}: EISDIR`);
    expect(readFileSync(join(into, 'a.txt'), 'utf8')).toBe('two\n');
  });
  it('replaces a file of a common name only if it is ours', async () => {
    const into = join(folder, 'shared');
    const files = ['ours, new\n', 'b\n'].map((text, n) => ({ name: `${n}.txt`, text, mark: 'ours' }));
    await writeFiles(into, [{ name: '0.txt', text: 'theirs\n' }]);
    await expect(writeFiles(into, files)).rejects.toThrow(/0\.txt is there already, and nightshift did not/);
    expect(readdirSync(into)).toEqual(['0.txt']);
    await writeFiles(into, [{ name: '0.txt', text: 'ours, old\n' }]);
    expect((await writeFiles(into, files))[0].state).toBe('written');
  });
});

describe('the draft of a killed export', () => {
  it('is removed by the next export; drafts of living processes and other files stay', async () => {
    const into = join(folder, 'left');
    const { pid: ended } = spawnSync('true');
    mkdirSync(into);
    const kept = [`a.txt.${process.ppid}.draft`, `b.txt.${ended}.draft`, `a.txt.${ended}.draft.txt`];
    for (const name of [...kept, `a.txt.${ended}.draft`]) writeFileSync(join(into, name), 'half');
    await writeFiles(into, [{ name: 'a.txt', text: 'whole\n' }]);
    expect(readdirSync(into).sort()).toEqual(['a.txt', ...kept].sort());
    writeWhole('-o', join(into, 'b.txt'), 'whole\n');
    expect(readdirSync(into)).not.toContain(kept[1]);
  });
});

describe('a write that fails', () => {
  it('restores the folder if one file cannot be renamed', async () => {
    const into = join(folder, 'partly');
    await writeFiles(into, [{ name: 'a.txt', text: 'before\n' }]);
    const files = [
      { name: 'a.txt', text: 'after\n' },
      { name: 'b.txt', text: 'new\n' },
      { name: 'c.txt', text: 'new\n' },
      {
        name: 'd.txt',
        // A folder appears at a path after the third file was compared.
        get text() {
          mkdirSync(join(into, 'c.txt'), { recursive: true });
          return 'new\n';
        },
      },
    ];
    await expect(writeFiles(into, files)).rejects.toThrow('-o: cannot write into');
    expect(readdirSync(into).sort()).toEqual(['a.txt', 'c.txt']);
    expect(readFileSync(join(into, 'a.txt'), 'utf8')).toBe('before\n');
  });
  it('writes nothing if a name is too long for the file system', async () => {
    const into = join(folder, 'long');
    const files = ['a.txt', `${'n'.repeat(300)}.txt`].map((name) => ({ name, text: 'new\n' }));
    await expect(writeFiles(into, files)).rejects.toThrow('ENAMETOOLONG');
    expect(readdirSync(into)).toEqual([]);
  });
});

describe('hexagon-mlir', () => {
  it('notes once what holds of several kernels', async () => {
    const { notes } = await hexagonMlir.export(mlir());
    const sentences = notes.map((note) => note.slice(note.indexOf(': ')));
    expect(new Set(sentences).size).toBe(sentences.length);
    expect(notes).toContainEqual(
      expect.stringMatching(/^gelu f32, other shapes and 1 more: tileSizes and double buffering depend/),
    );
  });
  it('has no file for a target with another compiler, and says so', async () => {
    expect(await hexagonMlir.export(v75())).toEqual({
      files: [],
      notes: [expect.stringContaining('no file for hexagon-mlir: the target stands for another compiler')],
    });
  });
});

describe('hexagon-mlir of a proposed commit', () => {
  it('is a module of its own, with the options that the commit adds', async () => {
    const [{ name, text }] = (await hexagonMlirProposed.export(mlir())).files;
    expect(name).toBe('hexagon_mlir_hexagon_mlir_227b330.py');
    expect(text).toContain('export --format hexagon-mlir@227b330 --target hexagon-mlir');
    expect(text).toContain('enableHmxPipelineDepth=0,');
    expect(text).toContain('enableWeightResident=True,');
    const [usual] = (await hexagonMlir.export(mlir())).files;
    expect(usual.text).not.toContain('enableWeightResident');
  });
});

describe('iree-hexagon', () => {
  it('has a positive tile size for each loop that is staged, and says where it has none', async () => {
    const { files, notes } = await ireeHexagon.export(mlir());
    const [{ name, text }] = files;
    expect(name).toBe('hexagon_mlir_iree_hexagon.mlir');
    expect(notes[0]).toContain('tile sizes and nothing else');
    const attribute =
      /^#NIGHTSHIFT_\w+ = #iree_hexagon\.vtcm_tiling_config<tile_sizes = \[[1-9]\d*(, [1-9]\d*)*\]>$/;
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('//'));
    for (const line of lines) expect(line).toMatch(attribute);
    const shapes = mlir().kernels.flatMap((kernel) => kernel.shapes);
    const staged = shapes.filter(({ best }) => best.configuration.staging !== 'direct');
    expect(lines).toHaveLength(staged.length);
    expect(text.match(/not expressed: no tiles are staged/g) ?? []).toHaveLength(
      shapes.length - staged.length,
    );
  });
  it('gives a loop that is not tiled its whole extent, and has no tile that does not fit', async () => {
    const softmax = libraryKernel('softmax', [4096, 16384]);
    const [kernel] = mlir().kernels;
    const [shape] = kernel.shapes;
    const of = async (tileRows: number): Promise<string> => {
      const code = { vectorBytes: 128, unroll: 1, threads: 1, split: 'chunks' };
      const configuration = { ...code, staging: 'copy', buffers: 1, tileRows };
      const only = {
        ...shape,
        kernel: kernelRecord(softmax, 'library'),
        best: { ...shape.best, configuration },
      };
      const all = await ireeHexagon.export({ ...mlir(), kernels: [{ ...kernel, shapes: [only] }] });
      return all.files[0].text;
    };
    expect(await of(8)).toContain(
      '#NIGHTSHIFT_GELU_F32_4096X16384 = #iree_hexagon.vtcm_tiling_config<tile_sizes = [8, 16384]>',
    );
    expect(await of(4096)).toMatch(/not expressed: 1 × the tile is \d+ bytes, more than the \d+ of VTCM/);
  });
});

describe('hexagon-mlir at shapes that were not tuned', () => {
  const staged = { vectorBytes: 128, unroll: 1, threads: 4, split: 'chunks', staging: 'dma', buffers: 2 };
  const module = async (kernel: string, configuration: Configuration): Promise<string> => {
    const known = mlir().kernels.find(({ name }) => name === kernel);
    if (known?.fallback.kind !== 'robust') throw new Error('expected a robust choice');
    const { choice } = known.fallback;
    const fallback = { kind: 'robust' as const, choice: { ...choice, configuration } };
    const { files } = await hexagonMlir.export({ ...mlir(), kernels: [{ ...known, fallback }] });
    return files[0].text.slice(files[0].text.indexOf('OTHER_SHAPES'));
  };

  it('has no option that depends on the shape of a study', async () => {
    const text = await module('gelu', { ...staged, tile: 4096 });
    expect(text).toContain('enableHexagonmemCopyToDMA=True');
    expect(text).toContain('enableDoubleBuffering=False');
    expect(text).not.toMatch(/tileSizes=|its gate/);
  });
  it('lets the core copy if a row may be too long for a DMA descriptor', async () => {
    const text = await module('vector-add', { ...staged, tileRows: 8, tileCols: 1024 });
    expect(text).toContain('enableHexagonmemCopyToDMA=False');
    expect(text).toContain('may not fit its 16-bit fields');
  });
});
