import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { importDocumentSchema } from '../../src/report/documents/import.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const ADD = fileURLToPath(new URL('../ttir/texts/hand_add.ttir', import.meta.url));
const folder = temporaryFolder();
const env = { NIGHTSHIFT_STORE: join(folder.path, 'store.db') };
afterAll(folder.remove);

describe('import', () => {
  it('makes a kernel that other commands know by its name', async () => {
    const words = ['import', ADD, '--name', 'my-add', '--format', 'json'];
    const { imported, refused } = importDocumentSchema.parse(
      JSON.parse((await inProcess(words, env)).stdout),
    );
    expect(imported).toMatchObject([{ name: 'my-add', source: ADD, calls: null }]);
    expect(refused).toEqual([]);
    const listed = await inProcess(['kernels', '--format', 'csv'], env);
    expect(listed.stdout).toContain('my-add,');
    const shown = await inProcess(['kernel', 'show', 'my-add', '--format', 'json'], env);
    expect(JSON.parse(shown.stdout)).toMatchObject({ name: 'my-add', hash: imported[0].hash });
    const shape = ['--shape', '4096', '--strategy', 'random', '--trials', '5', '--quiet'];
    expect((await inProcess(['tune', 'my-add', ...shape], env)).code).toBe(0);
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
});
