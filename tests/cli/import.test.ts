import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { importDocumentSchema } from '../../src/documents/import.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const ADD = fileURLToPath(new URL('../ttir/texts/hand_add.ttir', import.meta.url));
const EXAMPLES = fileURLToPath(new URL('../../examples/kernels', import.meta.url));
const folder = temporaryFolder();
const env = { NIGHTSHIFT_STORE: join(folder.path, 'store.db') };
afterAll(folder.remove);

describe('import', () => {
  it('stores a kernel that other commands find by its name', async () => {
    const words = ['import', ADD, '--name', 'my-add', '--format', 'json'];
    const { imported, refused } = importDocumentSchema.parse(
      JSON.parse((await inProcess(words, env)).stdout),
    );
    expect(imported).toMatchObject([{ name: 'my-add', source: ADD, calls: null, variants: null }]);
    expect(refused).toEqual([]);
    const listed = await inProcess(['kernels', '--format', 'csv'], env);
    expect(listed.stdout).toContain('my-add,');
    const shown = await inProcess(['kernel', 'show', 'my-add', '--format', 'json'], env);
    expect(JSON.parse(shown.stdout)).toMatchObject({ name: 'my-add', hash: imported[0].hash });
    const shape = ['--shape', '4096', '--strategy', 'random', '--trials', '5', '--quiet'];
    expect((await inProcess(['tune', 'my-add', ...shape], env)).code).toBe(0);
  });

  it('reports assumptions that the file requires', async () => {
    const { stdout, stderr } = await inProcess(['import', ADD, '--name', 'my-add', '--format', 'json'], env);
    const { notes } = importDocumentSchema.parse(JSON.parse(stdout));
    expect(notes.join()).toMatch(/1048576 is assumed/);
    expect(stderr).toBe(notes.map((note) => `note: ${note}\n`).join(''));
    for (const command of ['simulate', 'best', 'kernel show']) {
      expect((await inProcess([...command.split(' '), ADD], env)).stderr).toBe(stderr);
      expect((await inProcess([...command.split(' '), ADD, '--quiet'], env)).stderr).toBe('');
    }
    expect((await inProcess(['simulate', ADD, '--shape', '4096'], env)).stderr).toBe('');
  });

  it('suggests it for a name that is nearly right', async () => {
    expect((await inProcess(['tune', 'my-ad'], env)).stderr).toContain("did you mean 'my-add'?");
  });

  it("refuses a library kernel's name, and another dtype", async () => {
    expect((await inProcess(['import', ADD, '--name', 'axpy'], env)).stderr).toContain(
      "'axpy' is a kernel of the library",
    );
    expect((await inProcess(['tune', ADD, '--dtype', 'f16'], env)).stderr).toContain('was compiled for f32');
  });

  it('refuses a name that other commands take for a path, and quotes one for a shell', async () => {
    for (const name of ['a/b', 'a\\b', 'mine.ttir', '<script>alert(1)</script>']) {
      const { code, stderr } = await inProcess(['import', ADD, '--name', name], env);
      expect({ name, code, isSaid: stderr.includes('would be taken for a path') }).toEqual({
        ...{ name, code: 2, isSaid: true },
      });
    }
    const { stdout } = await inProcess(['import', ADD, '--name', "it's <b>"], env);
    expect(stdout).toContain(`\`nightshift tune 'it'\\''s <b>'\``);
    expect((await inProcess(['kernel', 'show', "it's <b>"], env)).code).toBe(0);
  });

  it('says that a kernel is here already under another name', async () => {
    const { stderr } = await inProcess(['import', ADD, '--name', 'my-other-add'], env);
    expect(stderr).toContain('my-other-add is the same kernel as my-add, which is here already');
    expect((await inProcess(['import', ADD, '--name', 'my-add'], env)).stderr).not.toContain('here already');
  });

  it('says that a name moves to another kernel, and what both are called then', async () => {
    const text = readFileSync(ADD, 'utf8');
    const other = join(folder.path, 'product.ttir');
    writeFileSync(other, text.replace('arith.addf', 'arith.mulf'));
    await inProcess(['import', ADD, '--name', 'moving'], env);
    const { stderr } = await inProcess(['import', other, '--name', 'moving'], env);
    expect(stderr).toMatch(
      /moving meant another kernel .* the earlier one 'moving \(imported [0-9a-f]{4}\)' and this one 'moving \(imported/,
    );
    expect((await inProcess(['import', other, '--name', 'moving'], env)).stderr).not.toContain('meant');
    rmSync(other);
  });

  it('imports each example; one with the name of a library kernel gets its shape', async () => {
    const files = readdirSync(EXAMPLES).filter((file) => file.endsWith('.ttir'));
    for (const file of files) {
      const { code } = await inProcess(['import', join(EXAMPLES, file), '--quiet'], env);
      expect({ file, code }).toEqual({ file, code: 0 });
    }
    const { stdout } = await inProcess(['import', join(EXAMPLES, 'softmax.ttir'), '--format', 'json'], env);
    const { imported, notes } = importDocumentSchema.parse(JSON.parse(stdout));
    expect(imported[0].name).toBe(`softmax-${imported[0].shape}`);
    expect(notes.at(-1)).toContain(`this one is called ${imported[0].name}`);
    expect((await inProcess(['kernel', 'show', imported[0].name], env)).code).toBe(0);
  });

  it('requires a file or a cache', async () => {
    expect(await inProcess(['import'], env)).toMatchObject({ code: 2, stdout: '' });
    expect((await inProcess(['import', '--cache', folder.path], env)).stderr).toMatch(/no Inductor wrapper/);
  });
});

const CACHE = fileURLToPath(new URL('../../../shared/inductor/models/torchinductor_gpt', import.meta.url));

describe.skipIf(!existsSync(CACHE))('import --cache (needs ../shared/inductor/models)', () => {
  it('lists every kernel of a model with its calls, and those that could not be imported', async () => {
    const { code, stdout } = await inProcess(['import', '--cache', CACHE, '--format', 'json'], env);
    const { imported, refused } = importDocumentSchema.parse(JSON.parse(stdout));
    expect(code).toBe(0);
    expect(new Set(imported.map(({ name }) => name)).size).toBe(imported.length);
    expect(imported).toContainEqual(
      expect.objectContaining({ name: 'matmul-256x768x256', calls: 3, variants: 0 }),
    );
    const sum = (counted: readonly { calls: number | null }[]) =>
      counted.reduce((total, { calls }) => total + (calls ?? 0), 0);
    const text = (await inProcess(['import', '--cache', CACHE], env)).stdout;
    expect(text).toContain(`${sum(imported)} of ${sum(imported) + sum(refused)} calls imported.`);
    expect(imported.some(({ variants }) => variants !== null && variants > 1)).toBe(true);
    expect(refused.map(({ reason }) => reason).join()).toMatch(/gather/);
    const tuned = await inProcess(['tune', 'matmul-256x768x256', '--trials', '5', '--quiet'], env);
    expect({ code: tuned.code, stderr: tuned.stderr }).toEqual({ code: 0, stderr: '' });
  });
});
