import { readdirSync, readFileSync } from 'node:fs';
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
      [...OVERLAP.split(' '), '--svg', '--tiles', '4', '-o', output],
      env,
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^Wrote 4 of \d+ tiles to /);
    expect(readFileSync(output, 'utf8')).toMatch(/^<svg .*the first 4 of \d+ tiles.*<\/svg>\n$/s);
    expect(readdirSync(folder.path)).toEqual(['trace.svg']);
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
