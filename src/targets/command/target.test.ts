import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defineSpace } from '../../../search-space/define-space.ts';
import { ordinal } from '../../../search-space/parameters.ts';
import type { OpaqueKernel } from '../../kernels/opaque.ts';
import { targetConformance } from '../target.conformance.ts';
import type { DeviceProgram } from './program.ts';
import { type CommandDevice, commandTarget } from './target.ts';

const space = defineSpace([ordinal('threads', [1, 2, 4]), ordinal('tile', [8, 16])], []);
const kernel: OpaqueKernel = { kind: 'opaque', name: 'theirs', shape: [], dtype: '-' };
const program: DeviceProgram = {
  argv: [process.execPath, '-e', 'console.log(process.argv[1] * process.argv[2])', '{threads}', '{tile}'],
  timeoutMs: 20_000,
  unit: 'us',
};
const device: CommandDevice = {
  name: 'board',
  program,
  firmware: '1.0',
  space,
  default: { threads: 1, tile: 8 },
  surroundings: { keeping: { mark: 'target.test', kept: [] }, seed: 1 },
};
const open = (changes: Partial<CommandDevice>) => async () => commandTarget({ ...device, ...changes });

targetConformance('a device behind a program', {
  kind: 'device',
  open: open({}),
  others: {
    'another name': open({ name: 'desk' }),
    'another firmware': open({ firmware: '1.1' }),
    'another program': open({ program: { ...program, argv: [...program.argv, '--fast'] } }),
    'another unit': open({ program: { ...program, unit: 'ms' } }),
    'a program that stays': open({ program: { ...program, argv: ['./serve'], serves: true } }),
    'a check of results': open({ program: { ...program, check: ['true', '{tile}'] } }),
  },
  same: {
    'longer patience': open({ program: { ...program, timeoutMs: 30_000 } }),
    'more samples': open({ program: { ...program, sampling: { kind: 'count', count: 5 } } }),
  },
  kernels: [kernel],
});

describe('the words of a program', () => {
  const asked =
    (changes: Partial<DeviceProgram>, shape: readonly number[] = []) =>
    () =>
      commandTarget({ ...device, program: { ...program, ...changes } }).space({ ...kernel, shape });
  const build = ['cc', '-DTILE={tile}', '-DTHREADS={threads}', '-o', '{build}/program'];
  const built = ['{build}/program', '{shape}'];

  it.each([
    ['no program', asked({ argv: [] }), 'needs the program after --'],
    [
      'an unknown name',
      asked({ argv: ['./m', '{threads}', '{tile}', '{warp}'] }),
      '{warp} is not a parameter',
    ],
    ['a missing parameter', asked({ argv: ['./m', '{threads}'] }), 'has no {tile}'],
    ['a folder without a build', asked({ argv: ['{build}/m', '{configuration}'] }), 'there is none'],
    ['a shape that is not given', asked({ argv: ['./m', '{configuration}', '{shape}'] }), 'give --shape'],
    ['a dtype that is not given', asked({ argv: ['./m', '{configuration}', '{dtype}'] }), 'give --dtype'],
    [
      'a place beyond the shape',
      asked({ argv: ['./m', '{configuration}', '{shape.2}'] }, [4, 4]),
      '{shape.2} is not in the shape 4x4 (the last one is {shape.1})',
    ],
    [
      'a build that misses a parameter',
      asked({ build: build.toSpliced(1, 1), argv: built }, [4]),
      'has no {tile}',
    ],
    [
      'a build without its folder',
      asked({ build: build.slice(0, 3), argv: built }, [4]),
      '--build: has no {build}',
    ],
    ['a build that is not run', asked({ build, argv: ['./program'] }), '--: has no {build}'],
    [
      'a value for a program that stays',
      asked({ serves: true, argv: ['./m', '{tile}'] }),
      '{tile} has no value',
    ],
  ])('%s is refused', (_, open, complaint) => {
    expect(open).toThrow(complaint);
  });

  it('may name parameters in the build alone, and the shape in both', () => {
    expect(asked({ build: [...build, '-DN={shape.1}'], argv: built }, [64, 56])().size).toBe(6);
  });
});

it('is another target when a source of its build has changed, or a file that it includes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-sources-'));
  const source = join(folder, 'conv.c');
  const fingerprint = (): string => {
    const build = ['cc', source, '-DT={tile}', '-DN={threads}', '-o', '{build}/conv'];
    const changed: DeviceProgram = { ...program, build, argv: ['{build}/conv'] };
    return commandTarget({ ...device, program: changed }).fingerprint;
  };
  writeFileSync(source, '#include "conv.h"\n');
  writeFileSync(join(folder, 'conv.h'), '');
  const first = fingerprint();
  expect(fingerprint()).toBe(first);
  writeFileSync(join(folder, 'conv.h'), '#define N 2\n');
  expect(fingerprint()).not.toBe(first);
  rmSync(folder, { recursive: true });
});
