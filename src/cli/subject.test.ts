import { expect, it } from 'vitest';
import { libraryKernel } from '../kernels/library.ts';
import { Flags } from './flags.ts';
import { tuneCommand } from './subject.ts';

it('shows the command that tunes with the names that were given, which a shell reads as they are', () => {
  const kernel = libraryKernel('gelu', [4096]);
  const commandFor = (given: ConstructorParameters<typeof Flags>[0]) =>
    tuneCommand({ kernel }, new Flags(given));
  const own = { kernel: './my gelu.json', target: './phone.json', compiled: true };
  expect(commandFor(own)).toBe(
    "nightshift tune './my gelu.json' --shape 4096 --dtype f32 --target ./phone.json --compiled",
  );
  expect(commandFor({ kernel: 'gelu' })).toBe(
    'nightshift tune gelu --shape 4096 --dtype f32 --target hexagon-v75',
  );
});
