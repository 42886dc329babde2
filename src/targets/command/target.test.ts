import { expect, it } from 'vitest';
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
  keeping: { mark: 'target.test', kept: [] },
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
    'a check of results': open({ program: { ...program, check: ['true', '{tile}'] } }),
  },
  same: {
    'longer patience': open({ program: { ...program, timeoutMs: 30_000 } }),
  },
  kernels: [kernel],
});

it('needs a program that names the parameters of the space', () => {
  const given = (argv: readonly string[]) => () =>
    commandTarget({ ...device, program: { ...program, argv } });
  expect(given([])).toThrow('needs the program after --');
  expect(given(['./measure.sh', '{threads}', '{warp}'])).toThrow('{warp} is not a parameter of the space');
});
