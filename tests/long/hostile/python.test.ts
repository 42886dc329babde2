// Python reads the right values from exported files, with any names in a store.
import { describe, expect, it } from 'vitest';
import { hexagonMlir } from '../../../src/exporters/hexagon-mlir.ts';
import { t1 } from '../../../src/exporters/t1.ts';
import { has, Workshop } from '../../../src/languages/tools.fixture.ts';
import { write } from './written.fixture.ts';

const workshop = new Workshop();

/** Runs lines of Python on each file, and returns `found`, to which they append. */
function readBy(lines: readonly string[], paths: readonly string[]): unknown {
  const body = lines.map((line) => `    ${line}\n`).join('');
  return workshop.python(
    `import ast, json, runpy\nfound = []\nfor path in ${JSON.stringify(paths)}:\n${body}print(json.dumps(found))\n`,
  );
}

describe.skipIf(!has('python3'))('Python (skipped where python3 is absent)', () => {
  it('reads unchanged names from the module of hexagon-mlir', async () => {
    const all = await write(workshop, hexagonMlir, 100);
    const read = readBy(
      [
        'module = runpy.run_path(path)',
        'found.append([[list(key) for key in module[table]] for table in ("OPTIONS", "OTHER_SHAPES")])',
      ],
      all.map(({ place, files }) => `hexagon-mlir/${place}/${files[0].name}`),
    );
    expect(read).toEqual(
      all.map(({ tuned: { kernels } }) => [
        kernels.flatMap(({ name, dtype, shapes }) => shapes.map(({ kernel }) => [name, dtype, kernel.shape])),
        kernels.map(({ name, dtype }) => [name, dtype]),
      ]),
    );
    for (const { files } of all) expect(files[0].name).toMatch(/^[A-Za-z]\w*\.py$/);
    workshop.expectNothingDone();
  });

  it('reads unchanged values from T1', async () => {
    const all = await write(workshop, t1, 60);
    const read = readBy(
      [
        'space = json.load(open(path, encoding="utf-8"))["ConfigurationSpace"]',
        'found.append([[each["Name"], ast.literal_eval(each["Values"])] for each in space["TuningParameters"]])',
      ],
      all.flatMap(({ place, files }) => files.map(({ name }) => `t1/${place}/${name}`)),
    );
    const shapes = all.flatMap(({ tuned }) => tuned.kernels.flatMap((kernel) => kernel.shapes));
    expect(read).toEqual(
      shapes.map(({ study }) => study.space.parameters.map(({ name, values }) => [name, values])),
    );
    workshop.expectNothingDone();
  });
});
