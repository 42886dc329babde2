import { expect, it } from 'vitest';
import { randomInputs } from '../../src/kernels/random-inputs.ts';
import { evaluateKernel } from '../../src/kernels/reference.ts';
import {
  compiledFolder,
  hasCompiler,
  hostHere,
  onNative,
} from '../../src/targets/native/machine-here.fixture.ts';
import { Harness } from '../../src/targets/wasm/harness.fixture.ts';
import { casesOf, expectedOf, kernelOf } from '../ttir/unsigned.fixture.ts';

it.each([8, 16, 32])('unsigned operations on i%i are exact in the reference', (bits) => {
  const kernel = kernelOf(bits);
  const inputs = randomInputs(kernel, 1);
  const results = evaluateKernel(kernel, inputs);
  for (const [n, one] of casesOf(bits).entries()) {
    const wrong = [...results[`out${n}`]!].findIndex(
      (value, i) => value !== expectedOf(one, bits, inputs.a![i]!, inputs.b![i]!),
    );
    expect(wrong, one.name).toBe(-1);
  }
});

it.each([8, 16, 32])('WebAssembly of unsigned operations on i%i gives the reference', async (bits) => {
  const harness = new Harness(kernelOf(bits));
  for (const lanes of [1, 4]) expect(await harness.verify({ lanes })).toBeUndefined();
});

const folder = compiledFolder();

it.skipIf(!hasCompiler).each([8, 16, 32])(
  'C of unsigned operations on i%i gives the reference',
  async (bits) => {
    const { lanes } = await hostHere(1);
    const configurations = [{ lanes: 1 }, { lanes: Math.max(...lanes) }];
    const verdicts = await onNative(kernelOf(bits), folder, configurations, (backend, variant) =>
      backend.verify(variant),
    );
    expect(verdicts).toEqual([{ state: 'correct' }, { state: 'correct' }]);
  },
);
