import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
const env = { NIGHTSHIFT_STORE: join(folder.path, 'store.db') };
const OVERLAP = 'trace gelu --shape 2^16 --set threads=2 --set staging=dma --set buffers=2 --set tile=4096';
afterAll(folder.remove);

const traceSchema = z.object({
  otherData: z.object({
    timeUs: z.number(),
    tiles: z.number(),
    tilesShown: z.number(),
    busy: z.record(
      z.string(),
      z
        .number()
        .min(0)
        .max(1 + 1e-9),
    ),
  }),
  traceEvents: z.array(
    z.discriminatedUnion('ph', [
      z.object({ ph: z.literal('M'), name: z.string(), args: z.record(z.string(), z.unknown()) }),
      z.object({
        ph: z.literal('X'),
        name: z.string(),
        cat: z.string(),
        pid: z.number(),
        tid: z.number(),
        ts: z.number().nonnegative(),
        dur: z.number().nonnegative(),
      }),
    ]),
  ),
});

async function traced(line: string) {
  const { code, stdout, stderr } = await inProcess(line.split(' '), env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { otherData, traceEvents } = traceSchema.parse(JSON.parse(stdout));
  return {
    ...otherData,
    spans: traceEvents.filter((event) => event.ph === 'X'),
    names: traceEvents.flatMap((event) => (event.ph === 'M' ? [event.args.name] : [])),
  };
}

describe('trace', () => {
  it('has a track for each context and queue, without overlapping spans on a track', async () => {
    const { spans, names } = await traced(OVERLAP);
    expect(names).toEqual(expect.arrayContaining(['context 0', 'context 1', 'DMA queue 0']));
    const last = new Map<string, number>();
    for (const { pid, tid, ts, dur } of spans) {
      expect(ts).toBeGreaterThanOrEqual((last.get(`${pid}/${tid}`) ?? 0) - 1e-6);
      last.set(`${pid}/${tid}`, ts + dur);
    }
  });

  it('shows loads that overlap with computing, and which of the two buffers they use', async () => {
    const { spans } = await traced(OVERLAP);
    const compute = spans.filter(({ cat }) => cat === 'compute');
    const loads = spans.filter(({ cat }) => cat === 'load');
    expect(compute.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['compute 0 ping', 'compute 2 pong']),
    );
    const overlapping = loads.filter((load) =>
      compute.some(({ ts, dur }) => ts < load.ts + load.dur && load.ts < ts + dur),
    );
    expect(overlapping.length).toBeGreaterThan(loads.length / 2);
  });

  it('is cut at one time on all tracks, and says how busy each is in the whole call', async () => {
    const whole = await traced(OVERLAP);
    const part = await traced(`${OVERLAP} --tiles 5`);
    expect(part.busy).toEqual(whole.busy);
    const end = Math.max(...part.spans.map(({ ts, dur }) => ts + dur));
    const shown = whole.spans.filter(({ ts }) => ts < end - 1e-9);
    expect(part.spans.map(({ name }) => name).sort()).toEqual(shown.map(({ name }) => name).sort());
    const computing = whole.spans.filter(({ cat, tid }) => cat === 'compute' && tid === 0);
    const sum = computing.reduce((all, { dur }) => all + dur, 0);
    expect(whole.busy['context 0']).toBeCloseTo(sum / whole.timeUs, 9);
  });

  it('ends when the call ends', async () => {
    const { spans, timeUs, tiles, tilesShown } = await traced(OVERLAP);
    expect(Math.max(...spans.map(({ ts, dur }) => ts + dur))).toBeCloseTo(timeUs, 3);
    expect(tilesShown).toBe(tiles);
  });

  it('writes a complete file, or a picture', async () => {
    const output = join(folder.path, 'trace.svg');
    const { code, stdout, stderr } = await inProcess(
      [...OVERLAP.split(' '), '--tiles', '4', '-o', output],
      env,
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^Wrote 4 of \d+ tiles to /);
    expect(readFileSync(output, 'utf8')).toMatch(/^<svg .*the first 4 of \d+ tiles.*<\/svg>\n$/s);
    expect(readdirSync(folder.path)).toEqual(['trace.svg']);
    for (const wrong of ['trace.json', 'trace'])
      expect(
        await inProcess([...OVERLAP.split(' '), '--svg', '-o', join(folder.path, wrong)], env),
      ).toMatchObject({ code: 2, stderr: expect.stringContaining('name a file that ends in .svg') });
    const nowhere = await inProcess(
      [...OVERLAP.split(' '), '-o', join(folder.path, 'no', 'trace.json')],
      env,
    );
    expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining('--output: cannot write') });
  });

  it('shows two configurations on one axis, and says what the second does otherwise', async () => {
    const words = [...OVERLAP.split(' '), '--against', 'default'];
    const { code, stdout, stderr } = await inProcess(words, env);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^This call takes [\d.,]+ µs, [\d.]+× as fast as default \([\d.,]+ µs\), simulated/,
    );
    expect(stderr).toMatch(/threads 1 → 2/);
    const { traceEvents } = z
      .object({ traceEvents: traceSchema.shape.traceEvents })
      .parse(JSON.parse(stdout));
    const processes = traceEvents.flatMap((event) => (event.ph === 'M' ? [String(event.args.name)] : []));
    for (const call of ['default', 'This call']) expect(processes).toContain(`${call}: hardware contexts`);
    const drawn = await inProcess([...words, '--svg', '--quiet'], env);
    expect(drawn).toMatchObject({ code: 0, stderr: '' });
    expect(drawn.stdout).toMatch(/^<svg .*default: gelu.*This call: gelu.*<\/svg>\n$/s);
    expect(await inProcess([...OVERLAP.split(' '), '--against', 'nobody'], env)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--against: 'nobody' is no configuration"),
    });
  });
});

describe('trace --against a log of a device', () => {
  const SET = 'threads=2,staging=dma,buffers=1,tileRows=8,tileCols=16384';
  const CALL = 'trace vector-add --shape 64x16384 --target edge-2mib';
  const at = (name: string) => join(folder.path, name);
  const run = (line: string) => inProcess(line.split(' '), env);
  const MHZ = 1000;
  const device = z.object({
    otherData: z.object({
      device: z.object({ timeUs: z.number() }),
      simulated: z.object({ timeUs: z.number() }),
      terms: z.array(
        z.object({
          term: z.string(),
          simulatedUs: z.number(),
          deviceUs: z.union([z.number(), z.object({ unknown: z.literal('not told'), why: z.string() })]),
        }),
      ),
      untold: z.object({ deviceUs: z.number() }).nullable(),
    }),
    traceEvents: z.array(z.looseObject({ name: z.string() })),
  });

  /** What llama.cpp would log of a device, whose times another machine of ours simulates. */
  async function logOf(changes: string): Promise<string> {
    const { spans, timeUs } = await traced(`${CALL} --set ${SET} ${changes}`.trim());
    // The counter runs over its 32 bits within the call.
    const start = 2 ** 32 - 1000;
    const cycle = (us: number) => (start + Math.round(us * MHZ)) % 2 ** 32;
    const dims = '16384:64 x 16384:64 -> 16384:64 : f32 x f32 -> f32';
    const events = spans.flatMap(({ cat, tid, ts, dur }, info) => {
      const event = cat === 'compute' ? 'HVX_COMP' : ['load', 'store'].includes(cat) ? 'DMA' : undefined;
      if (event === undefined) return [];
      const line = (state: string, us: number) =>
        `x trace-op ADD: thread ${tid % 2} event ${event} info ${info} ${state} ${cycle(us)}`;
      return [line('start', ts), line('stop', ts + dur)];
    });
    const cycles = Math.round(timeUs * MHZ);
    const profile = `x profile-op ADD: a x b -> c : ${dims} : 1 : usec ${Math.round(timeUs)} cycles ${cycles} start ${start} mhz ${MHZ}`;
    return `${[profile, ...events].join('\n')}\n`;
  }

  async function compared(line: string) {
    const { code, stdout, stderr } = await run(line);
    expect(code, stderr).toBe(0);
    return { ...device.parse(JSON.parse(stdout)), stderr };
  }

  it('has the terms that were simulated where the device is as the target', async () => {
    writeFileSync(at('same.log'), await logOf(''));
    const { otherData, stderr } = await compared(`${CALL} --set ${SET} --against ${at('same.log')}`);
    expect(otherData.untold).toBeNull();
    for (const { simulatedUs, deviceUs } of otherData.terms)
      expect(Math.abs(Number(deviceUs) - simulatedUs)).toBeLessThan(0.01 * otherData.simulated.timeUs);
    const sum = otherData.terms.reduce((all, { simulatedUs }) => all + simulatedUs, 0);
    expect(sum).toBeCloseTo(otherData.simulated.timeUs, 6);
    expect(stderr).toContain('simulated (1,481 µs). No term that the log tells differs by 2 % of the call.');
  });

  it('names the term that another machine hides: DMA, or fork-join', async () => {
    writeFileSync(at('dma.log'), await logOf('--what-if dma.perQueueGBs=2'));
    const dma = await compared(`${CALL} --set ${SET} --against ${at('dma.log')}`);
    expect(dma.stderr).toMatch(/The device takes .* \(dma.log, line 1\), .* as long as simulated/);
    expect(dma.stderr).toMatch(/Most differs DMA: [\d.,]+ µs more on the device\./);
    expect(dma.traceEvents.map(({ name }) => name)).toEqual(expect.arrayContaining(['HVX_COMP', 'DMA']));
    writeFileSync(at('fork.log'), await logOf('--what-if forkJoinUs=300'));
    const fork = await compared(`${CALL} --set ${SET} --against ${at('fork.log')}`);
    expect(fork.stderr).toMatch(/Most differs fork-join: [\d.,]+ µs more on the device\./);
  });

  it('draws the device above the simulation, and tells terms in a table', async () => {
    writeFileSync(at('drawn.log'), await logOf(''));
    const { stdout, stderr } = await run(`${CALL} --set ${SET} --against ${at('drawn.log')} --svg --tiles 3`);
    expect(stdout).toMatch(/^<svg .*device: vector-add.*measured.*simulated: vector-add.*<\/svg>\n$/s);
    expect(stderr).toMatch(/^compute +[\d.,]+ +[\d.,]+ +0$/m);
  });

  it('leaves unknown what a log does not tell', async () => {
    writeFileSync(at('times.csv'), `kernel,shape,configuration,time_us\nvector-add,64x16384,"${SET}",5000\n`);
    const { otherData, stderr } = await compared(`${CALL} --against ${at('times.csv')}`);
    for (const { deviceUs } of otherData.terms) expect(deviceUs).toMatchObject({ unknown: 'not told' });
    expect(otherData.untold?.deviceUs).toBeCloseTo(5000, 6);
    expect(stderr).toContain('Which term differs is unknown: the log has the time of the whole call only.');
    expect(stderr).toMatch(/^DMA +unknown/m);
    const lines = (await logOf('')).trim().split('\n');
    writeFileSync(at('cut.log'), `${lines.slice(0, -1).join('\n')}\n`);
    const cut = await compared(`${CALL} --set ${SET} --against ${at('cut.log')}`);
    expect(cut.stderr).toContain('Which term differs is unknown: 1 of its trace lines');
  });

  it('takes computing from a profile of regions, and nothing else', async () => {
    const pairs = [
      [1, 0],
      [2, 1000],
      [2, 900_000],
      [3, 900_000],
      [3, 1_000_000],
      [1, 1_000_100],
    ];
    const entries = pairs.map(([id, cyc]) => ({ id, cyc }));
    writeFileSync(at('lwp.json'), JSON.stringify({ entries }));
    const region = (id: number, ops: string) =>
      `Location ${id} corresponds to ID ${id} | Collected ops: ${ops}\n`;
    writeFileSync(at('lwp.txt'), region(2, 'arith.addf') + region(3, 'memref.copy, arith.addf'));
    const { otherData, stderr } = await compared(
      `${CALL} --against ${at('lwp.json')} --against ${at('lwp.txt')}`,
    );
    const [compute, ...others] = otherData.terms;
    expect(Number(compute.deviceUs) / otherData.device.timeUs).toBeCloseTo(899_000 / 1_000_100, 6);
    for (const { deviceUs } of others) expect(deviceUs).toMatchObject({ unknown: 'not told' });
    expect(stderr).toContain('a profile of regions tells computing only');
  });

  it('takes the shape that the log has, and a flat one as a row of it', async () => {
    const line =
      'x profile-op GELU: a -> b : 65536:1 -> 65536:1 : f32 -> f32 : 1 : usec 90 cycles 90000 mhz 1000\n';
    writeFileSync(at('one.log'), line);
    const taken = 'gelu-tanh f32 is taken at 1x65536, as the log has it';
    for (const shape of ['', '--shape 65536 ']) {
      const { stderr } = await compared(
        `trace gelu-tanh ${shape}--target edge-2mib --against ${at('one.log')}`,
      );
      expect(stderr).toContain(taken);
      expect(stderr).toContain('The device takes 90.0 µs (one.log, line 1)');
    }
    const other = await run(`trace gelu-tanh --shape 4096 --target edge-2mib --against ${at('one.log')}`);
    expect(other.stderr).toContain(
      'has no timing of gelu-tanh 4096 f32 (it has gelu-tanh 1x65536 f32; --shape and',
    );
  });

  it('names what the log has where it lacks the call, or has several', async () => {
    const lines = [
      'relu,1024,threads=1,3',
      'gelu,4096,threads=1,9',
      'gelu,4096,threads=2,7',
      'gelu,4096,threads=2,8',
    ];
    writeFileSync(at('other.csv'), ['kernel,shape,configuration,time_us', ...lines, ''].join('\n'));
    const against = `--target edge-2mib --against ${at('other.csv')}`;
    expect(await run(`${CALL.replace(' --target edge-2mib', '')} ${against}`)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        '--against: has no timing of vector-add 64x16384 f32 (it has relu 1024 f32; gelu 4096 f32)',
      ),
    });
    const unshaped = await run(`trace gelu --shape 1024 ${against}`);
    expect(unshaped.stderr).toContain('(it has gelu 4096 f32; relu 1024 f32; --shape and --dtype say which');
    const asked = `trace gelu --shape 4096 ${against}`;
    const { code, stderr } = await run(asked);
    expect(code).toBe(2);
    expect(stderr).toContain('has 2 configurations of it: threads=1; threads=2 (--set says which');
    const chosen = await compared(`${asked} --set threads=2`);
    expect(chosen.stderr).toContain('other.csv, line 4, the middle one of 2 timings');
    expect((await run(`${asked} --set threads=3`)).code).toBe(2);
    writeFileSync(at('no.log'), 'nothing\n');
    expect((await run(`${CALL} --against ${at('no.log')}`)).stderr).toContain(
      '--against: no.log is no log that can be read',
    );
  });
});
