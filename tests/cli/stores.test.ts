import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plain } from '../../src/report/terminal/paint.ts';
import { openStore } from '../../store/open-store.ts';
import { openDatabase } from '../../store/sqlite-database.ts';
import { systemClock } from '../../tuner/clock.ts';
import { nightshift, temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
const path = (name: string) => join(folder.path, name);
const tune = (store: string) =>
  `tune gelu --shape 16384 --strategy random --trials 20 --quiet --store ${path(store)}`.split(' ');
afterAll(folder.remove);

beforeAll(async () => {
  expect((await inProcess(tune('store.db'), {})).code).toBe(0);
});

describe('the path of the store', () => {
  it('is ./nightshift.db by default', async () => {
    await nightshift('tune gelu --shape 16384 --strategy random --trials 10 --quiet', { cwd: folder.path });
    const { stdout } = await inProcess(['studies', '--format', 'csv', '--store', path('nightshift.db')], {});
    expect(stdout.split('\n')).toHaveLength(3);
  });

  it('is --store, or else NIGHTSHIFT_STORE if that is set', async () => {
    const elsewhere = await inProcess(['studies', '--format', 'csv'], { NIGHTSHIFT_STORE: path('store.db') });
    expect(elsewhere.stdout).toMatch(/,gelu,16384,f32,,hexagon-v75,simulator,20,/);
    const none = await inProcess(['studies', '--store', path('no.db')], {
      NIGHTSHIFT_STORE: path('store.db'),
    });
    expect(none).toMatchObject({ code: 0, stdout: 'No studies yet; `nightshift tune gelu` begins one.\n' });
  });

  it('has studies, of which none is of the kernel or on the target that is asked for', async () => {
    const { code, stdout } = await inProcess(
      ['studies', '--target', 'nope', '--store', path('store.db')],
      {},
    );
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'No study on nope; there are studies of gelu on hexagon-v75.\n',
    });
  });
});

describe('a store that cannot be used', () => {
  it('is in use: 5, with its writer', async () => {
    const held = await openStore(path('store.db'), {
      mode: 'write',
      clock: systemClock,
      writer: { role: 'daemon' },
    });
    const second = await inProcess(tune('store.db'), {});
    const reader = await inProcess(['studies', '--store', path('store.db')], {});
    await held.close();
    expect(second).toMatchObject({ code: 5, stdout: '' });
    expect(second.stderr).toMatch(/is being written by nightshift daemon \(pid \d+\)/);
    expect(reader.code).toBe(0);
  });

  it('was written by a newer nightshift: 4', async () => {
    copyFileSync(path('store.db'), path('newer.db'));
    const database = openDatabase(path('newer.db'), 'write');
    database.pragma('user_version = 999');
    database.close();
    const { code, stderr } = await inProcess(tune('newer.db'), {});
    expect({ code, stderr }).toMatchObject({ code: 4, stderr: expect.stringContaining('newer nightshift') });
  });

  it('is damaged: 3, and is not changed', async () => {
    writeFileSync(path('damaged.db'), 'x'.repeat(4096));
    const { code, stderr } = await inProcess(tune('damaged.db'), {});
    expect(code).toBe(3);
    expect(stderr).toContain('it was not changed');
  });

  it.skipIf(process.getuid?.() === 0)('is in a read-only folder: 3', async () => {
    const { code, stderr } = await inProcess(tune('/proc/nightshift.db'), {});
    expect(code).toBe(3);
    expect(stderr).toMatch(/is not writable/);
  });
});

describe('listings', () => {
  const listed = async (line: string) =>
    (await inProcess(line.split(' '), { NIGHTSHIFT_STORE: path('store.db') })).stdout;

  it('are available as table, csv and md', async () => {
    expect(await listed('kernels')).toMatch(/^kernel +default shape +dtypes/);
    expect(await listed('kernels --format csv')).toMatch(/^kernel,default_shape,dtypes,shapes,summary\n/);
    const figures = await listed('targets hexagon-mlir --format csv');
    expect(figures).toMatch(/^scratchpad.scalarAccessNs,[\d.]+,[\d.]+ to [\d.]+,fitted,fitted$/m);
    expect(figures).toMatch(/^dma.setupUs,0.5,0.2 to 2,prior,prior: /m);
    expect(await listed('targets --format md')).toMatch(
      /^\| target \| kind \| contexts \|.*\n\| --- \|.*\n\| edge-2mib \|/,
    );
  });

  it('never wrap on a terminal', async () => {
    for (const columns of [40, 60, 80, 120]) {
      const surface = { isTerminal: true, columns, room: columns, paint: plain };
      for (const line of ['kernels', 'targets', 'studies', 'trials']) {
        const { stdout } = await inProcess([line], { NIGHTSHIFT_STORE: path('store.db') }, surface);
        for (const row of stdout.split('\n')) expect(row.length).toBeLessThanOrEqual(columns);
      }
    }
  });

  it('say in full what kernels compute, on a narrow terminal too', async () => {
    const surface = { isTerminal: true, columns: 80, room: 80, paint: plain };
    const { stdout } = await inProcess(['kernels'], { NIGHTSHIFT_STORE: path('store.db') }, surface);
    expect(stdout).toMatch(/^silu .* x · sigmoid\(x\)$/m);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain('…');
  });

  it('show why a study’s last visit ended, and the number of trials', async () => {
    expect(await listed('studies')).toMatch(/ budget spent +gelu /);
    const env = { NIGHTSHIFT_STORE: path('store.db') };
    const few = await inProcess('trials --limit 5'.split(' '), env);
    expect(few.stderr).toMatch(/^5 of \d+ trials \(--limit\)\.\n$/);
    const csv = await inProcess('trials --format csv'.split(' '), env);
    expect(csv.stderr).toBe('');
    const [titles, first] = csv.stdout.split('\n');
    expect(titles).toBe(
      'study,number,state,time_us,subset,origin,samples_us,at,why,vectorBytes,unroll,threads,split,staging,tile,buffers',
    );
    const [, , , time, , , samples, at, , vectorBytes] = first.split(',');
    expect({ samples, vectorBytes }).toEqual({ samples: time, vectorBytes: '128' });
    expect(new Date(at).toISOString()).toBe(at);
  });

  it('include configurations timed by the comparison, such as the recommended one', async () => {
    const [{ id, best, comparedUs }] = JSON.parse(await listed('studies --format json')).studies;
    const recommended = { configuration: best.configuration, timeUs: comparedUs };
    for (const order of ['number', 'time']) {
      const line = `trials --study ${id} --order ${order} --format json`;
      const rows: { origin: string; configuration: object; timeUs: number }[] = JSON.parse(
        await listed(line),
      ).trials;
      const compared = rows.filter(({ origin }) => origin === 'comparison');
      expect(compared.length).toBeGreaterThan(3);
      expect(compared).toContainEqual(expect.objectContaining(recommended));
      expect(rows).toHaveLength(20 + compared.length);
      const csv = await listed(line.replace('json', 'csv'));
      expect(csv.match(/,comparison,/g)).toHaveLength(compared.length);
    }
  });

  it('filter and order trials', async () => {
    const { trials } = JSON.parse(await listed('studies --format json')).studies[0];
    expect(trials).toBe(20);
    const id = JSON.parse(await listed('studies --format json')).studies[0].id;
    const fastest = JSON.parse(
      await listed(`trials --study ${id} --order time --limit 3 --format json`),
    ).trials;
    const times = fastest.map(({ timeUs }: { timeUs: number }) => timeUs);
    expect(times).toHaveLength(3);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(await listed('trials --state invalid')).toBe('No such trials.\n');
  });
});

describe('stored findings', () => {
  const asked = (line: string) => inProcess([...line.split(' '), '--store', path('store.db')], {});

  it('answer best and ladder', async () => {
    const best = await asked('best gelu --shape 2^14');
    expect(best.stdout).toMatch(/^gelu 16384 f32 on hexagon-v75 \(simulated\)\n.*threads=.*µs .*simulated/s);
    const ladder = await asked('ladder gelu');
    expect(ladder.stdout).toContain('Ladder, simulated: everything else tuned on each rung');
    expect((await asked('ladder gelu --target hexagon-v79')).code).toBe(6);
  });

  it('let best print a start configuration', async () => {
    const best = await asked('best gelu --shape 16384 --format json');
    writeFileSync(path('best.json'), best.stdout);
    const words = tune('started.db').concat('--start', path('best.json'));
    expect((await inProcess(words, {})).code).toBe(0);
  });
});
