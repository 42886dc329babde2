import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importTtir } from '../../importers/ttir/import-ttir.ts';
import { Harness } from './harness.fixture.ts';

const folder = fileURLToPath(new URL('../../../../shared/inductor/', import.meta.url));

describe.skipIf(!existsSync(folder))(
  "kernels from Triton IR (needs Inductor's files beside the repository)",
  () => {
    it.each([
      'softmax.0.triton_per_fused__softmax_exp_prepare_softmax_online_sub_0',
      'full_sum.0.triton_red_fused_sum_0',
    ])('%s', async (name) => {
      const { kernel } = importTtir(readFileSync(`${folder}${name}.ttir`, 'utf8'));
      const harness = new Harness(kernel);
      for (const lanes of [1, 8]) expect(await harness.verify({ lanes })).toBeUndefined();
    });
  },
);
