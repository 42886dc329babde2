import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { libraryKernel } from '../kernels/library.ts';
import { listTargets } from './npu/machine/load.ts';
import type { TargetReference } from './reference.ts';
import { resolveTarget } from './resolve.ts';

/** A user's own copy of a target, with some figures changed. */
function ownTarget(changes: Readonly<Record<string, unknown>>): TargetReference {
  const data: unknown = JSON.parse(
    readFileSync(new URL('./npu/machine/data/hexagon-v75.json', import.meta.url), 'utf8'),
  );
  const machine = z.json().parse({ ...Object(data), name: 'mine', ...changes });
  return { kind: 'machine', source: 'mine.json', machine };
}

const resolveNamed = (name: string) => resolveTarget({ kind: 'named', name });

describe('resolveTarget', () => {
  it.each(listTargets())('resolves %s to a target with a space', async (name) => {
    const target = await resolveNamed(name);
    const kernel = libraryKernel('gelu', [65536]);
    const space = target.space(kernel);
    expect(target).toMatchObject({ name, kind: 'simulator' });
    expect(space.has(target.defaultConfiguration(kernel, space))).toBe(true);
    expect(Object.values(target.features).every(Number.isFinite)).toBe(true);
    expect((await target.backend(kernel, space)).provenance).toBe('simulator');
  });

  it('resolves a file’s content, whose figures are its identity', async () => {
    const same = await resolveTarget(ownTarget({}));
    const wide = await resolveTarget(ownTarget({ contexts: { value: 3, source: 'guess' } }));
    expect(same.name).toBe('mine');
    expect(wide.fingerprint).not.toBe(same.fingerprint);
    expect(wide.features.contexts).toBe(3);
  });

  it.each(['native', 'wasm', 'wasm-modelled-dma-4gbps-1us', 'command'])(
    'refuses a file’s machine under the name of a real clock: %s',
    async (name) => {
      await expect(resolveTarget(ownTarget({ name }))).rejects.toThrow(
        `target: name: '${name}' is what nightshift calls a real clock (choose another name)`,
      );
    },
  );

  it('refuses another machine under the name of ours, and takes a copy of ours', async () => {
    const copy = ownTarget({ name: 'hexagon-v75' });
    const { fingerprint } = await resolveNamed('hexagon-v75');
    expect(await resolveTarget(copy)).toMatchObject({ name: 'hexagon-v75', fingerprint });
    const wide = { name: 'hexagon-v75', contexts: { value: 3, source: 'guess' } };
    for (const changes of [wide, { name: 'hexagon-mlir' }, { name: 'hexagon-mlir-beyond' }])
      await expect(resolveTarget(ownTarget(changes))).rejects.toThrow(
        `target: name: '${changes.name}' is a target of nightshift, and the file describes another machine (choose another name)`,
      );
  });

  it('resolves a modelled DMA in the name of this host’s engine', async () => {
    const target = await resolveNamed('wasm-modelled-dma-2.5GBps-1us');
    expect(target).toMatchObject({ name: 'wasm-modelled-dma-2.5GBps-1us', kind: 'wasm-modelled' });
    await expect(resolveNamed('wasm-modelled-dma-fast')).rejects.toThrow('describes no DMA engine');
  });

  it('refuses an invalid name or file with the reason', async () => {
    await expect(resolveNamed('hexagon-75')).rejects.toThrow("did you mean 'hexagon-v75'?");
    await expect(resolveNamed('comand')).rejects.toThrow("did you mean 'command'?");
    await expect(resolveNamed('abacus')).rejects.toThrow(/one of: .*hexagon-v75, .*wasm/);
    await expect(resolveNamed('command:board')).rejects.toThrow('only `nightshift tune` takes it');
    await expect(resolveNamed('./nowhere.json')).rejects.toThrow(
      /is a path .*only the command line reads files/,
    );
    await expect(resolveTarget(ownTarget({ contexts: { value: 0, source: 'guess' } }))).rejects.toThrow(
      /mine\.json: contexts/,
    );
  });
});
