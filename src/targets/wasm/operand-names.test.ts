// Users name operands; no name may become WebAssembly code.
import { expect, it } from 'vitest';
import type { Configuration } from '../../../search-space/parameter.ts';
import { defineKernel } from '../../kernels/builder.ts';
import { knownNames } from '../../languages/hostile.fixture.ts';
import { Harness } from './harness.fixture.ts';

const NAMES = [
  ...knownNames.filter((name) => name !== ''),
  ...[
    'begin',
    'end',
    'scratch',
    'x) (drop (i32.const 0)) (unreachable',
    'x i32) (result i32',
    '$x',
    '(;',
    ';)',
  ],
];
const CONFIGURATIONS: readonly Configuration[] = [
  { lanes: 4, staging: 'direct' },
  { lanes: 4, staging: 'copy', tile: 128, copyEngine: 'simd', staged: 'inout' },
];

it.each(CONFIGURATIONS)('accepts operands of any name: %j', async (configuration) => {
  for (const name of NAMES) {
    const kernel = defineKernel('twice', { shape: [1003], dtype: 'f32' }, (k) => {
      const i = k.dimension('i', 1003);
      const x = k.input(name, 'f32', [1003]).at(i);
      k.store(k.output(`${name} out`, 'f32', [1003]), [i], x.add(x));
    });
    expect(await new Harness(kernel).verify(configuration), name).toBeUndefined();
  }
});
