import { expect, it } from 'vitest';
import { defineSpace } from '../../../search-space/define-space.ts';
import { ordinal } from '../../../search-space/parameters.ts';
import { systemClock } from '../../../tuner/clock.ts';
import type { OpaqueKernel } from '../../kernels/opaque.ts';
import { targetConformance } from '../target.conformance.ts';
import type { Command } from './backend.ts';
import { type CommandDevice, commandTarget } from './target.ts';

const space = defineSpace([ordinal('threads', [1, 2, 4]), ordinal('tile', [8, 16])], []);
const kernel: OpaqueKernel = { kind: 'opaque', name: 'theirs', shape: [], dtype: '-' };
const command: Command = {
  argv: [process.execPath, '-e', 'console.log(process.argv[1] * process.argv[2])', '{threads}', '{tile}'],
  timeoutMs: 20_000,
  unit: 'us',
};
const device: CommandDevice = {
  name: 'board',
  command,
  firmware: '1.0',
  space,
  default: { threads: 1, tile: 8 },
  elapsed: systemClock.elapsed,
};
const open = (changes: Partial<CommandDevice>) => async () => commandTarget({ ...device, ...changes });

targetConformance('a device behind a program', {
  kind: 'device',
  open: open({}),
  others: {
    'another firmware': open({ firmware: '1.1' }),
    'another program': open({ command: { ...command, argv: [...command.argv, '--fast'] } }),
    'another unit': open({ command: { ...command, unit: 'ms' } }),
    'a check of results': open({ command: { ...command, check: ['true', '{tile}'] } }),
  },
  same: {
    'longer patience': open({ command: { ...command, timeoutMs: 30_000 } }),
    'another name': open({ name: 'desk' }),
  },
  kernels: [kernel],
});

it('needs a program that names the parameters of the space', () => {
  const given = (argv: readonly string[]) => () =>
    commandTarget({ ...device, command: { ...command, argv } });
  expect(given([])).toThrow('needs the program after --');
  expect(given(['./measure.sh', '{threads}', '{warp}'])).toThrow('{warp} is no parameter of the space');
});
