import { describe, expect, it } from 'vitest';
import { kernelDocumentSchema } from '../../src/documents/kernel.ts';
import { inProcess } from './in-process.fixture.ts';

const show = (line: string) => inProcess(['kernel', 'show', ...line.split(' ')], {});

/** The lines from "loops on …" on. */
async function loops(line: string): Promise<readonly string[]> {
  const { code, stdout } = await show(line);
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  return lines.slice(lines.findIndex((text) => text.startsWith('loops on')));
}

describe('kernel show --nest', () => {
  it('stores a matrix product after the last tile of its reduction', async () => {
    const lines = await loops('matmul --shape 1000x1000x1000 --nest --set tileK=64,tileM=64,tileN=64');
    expect(lines.slice(lines.findIndex((line) => line.includes('by 64  shared, tile')))).toEqual([
      '  for m in 1000 by 64  shared, tile',
      '    for n in 1000 by 64  shared, tile',
      '      for k in 1000 by 64  reduce, tile',
      '        for m in 64  shared',
      '          for n in 64 by 32  shared, vector',
      '            for k in 64  reduce',
      '              dot0[m, n] = sum over k in f32 of a[1000*m + k] * b[1000*k + n]',
      '      for m in 64  shared',
      '        for n in 64 by 32  shared, vector',
      '          c[1000*m + n] = dot0',
    ]);
    expect(lines.join('\n')).toMatch(/dot0 +f32\[m, n\] +memory +16,384 bytes/);
  });

  it('prints loops, threads, staging and temporaries of a configuration on a simulated target', async () => {
    const given = 'tileRows=64,buffers=2,threads=4,unroll=2,split=tiles-block,staging=dma,vectorBytes=128';
    expect(await loops(`softmax --shape 256x1024 --nest --set ${given}`)).toEqual([
      'loops on hexagon-v75',
      '  vectorBytes=128 unroll=2 threads=4 split=tiles-block staging=dma tileRows=64 buffers=2',
      '  threads  4 share i (tiles-block)',
      '  staging  dma, 2 buffers of each operand',
      '  scratch  1,052,672 bytes for each thread, 4,210,688 in all',
      '',
      '  staged    elements       a buffer  at byte  copied',
      '  x       65,536 f32  262,144 bytes    4,096  in',
      '  out     65,536 f32  262,144 bytes  528,384  out',
      '',
      '  kept for later  dtype   place                     size',
      '  max0            f32     register',
      '  exp0            f32[j]  scratch at byte 0  4,096 bytes',
      '  sum0            f32     register',
      '',
      '  for i in 256 by 64  shared, tile',
      '    for i in 64  shared',
      '      for j in 1024 by 64  reduce, vector, unroll',
      '        max0[i] = max over j of x[1024*i + j]',
      '      for j in 1024 by 64  reduce, vector, unroll',
      '        exp0[i, j] = exp(x[1024*i + j] - max0)',
      '        sum0[i] = sum over j of exp0',
      '      for j in 1024 by 64  vector, unroll',
      '        out[1024*i + j] = exp0 / sum0',
    ]);
  });

  it('prints the panels of a matrix product on wasm', async () => {
    const lines = await loops(
      'matmul --shape 64x64x64 --target wasm --nest --set lanes=8,tileRows=4,panels=2',
    );
    expect(lines.slice(lines.findIndex((line) => line.startsWith('  for')))).toEqual([
      '  for n in 64 by 16  shared, tile',
      '    for n in 16 by 8  tile',
      '      for k in 64',
      '        for n in 8 by 8  vector, unroll',
      '          packed[k, n] = b[64*k + n]',
      '    for m in 64 by 4  tile, unroll',
      '      for n in 16 by 8  tile',
      '        for k in 64  reduce',
      '          for n in 8 by 8  vector, unroll',
      '            dot0[m, n] = sum over k in f32 of a[64*m + k] * packed',
      '        for n in 8 by 8  vector, unroll',
      '          c[64*m + n] = dot0',
    ]);
  });

  it('shows that wasm makes one loop of two that it can walk as one', async () => {
    const lines = await loops('relu --shape 64x64 --target wasm --nest');
    expect(lines.filter((line) => line.includes('for '))).toEqual(['  for j in 4096 by 4  shared, vector']);
  });

  it('leaves out loops of one iteration', async () => {
    const lines = await loops('row-sum --shape 1x4096 --nest --set staging=direct');
    expect(lines.slice(lines.lastIndexOf('') + 1)).toEqual([
      '  for j in 4096 by 32  reduce, vector',
      '    sum0[i] = sum over j of x[4096*i + j]',
      '  out[i] = sum0',
    ]);
  });

  it('prints the same for programs', async () => {
    const { stdout } = await show('gelu --shape 4096 --nest --set threads=2 --format json');
    const { nest } = kernelDocumentSchema.parse(JSON.parse(stdout));
    expect(nest).toMatchObject({
      target: 'hexagon-v75',
      configuration: { threads: 2 },
      threads: { count: 2, share: ['i'] },
    });
  });

  it.each([
    ['softmax --nest --target command', "'command' runs no kernel of ours"],
    ['softmax --nest --target replay:times.json', "'replay:times.json' runs no kernel of ours"],
    ['softmax --nest --set threads=99', "threads: cannot be '99'"],
    ['softmax --nest --set threds=2', "unknown parameter 'threds' (did you mean 'threads'?)"],
    ['softmax --nest --set threads=2,threads=4', 'sets threads more than once'],
    ['softmax --set threads=2', '--nest: is missing'],
    ['softmax --target wasm', '--nest: is missing'],
  ])('refuses %s', async (line, message) => {
    const { code, stderr } = await show(line);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
