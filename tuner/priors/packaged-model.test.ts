import { readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadAcrossModel } from '../models/across/across-model.ts';
import { MODEL_FILE, packagedModel, packagedModelFor } from './packaged-model.ts';

it('is small, can be loaded, and is for simulated targets alone', () => {
  expect(statSync(MODEL_FILE).size).toBeLessThan(3 << 20);
  expect(loadAcrossModel(packagedModel().blob).learner).toBe('trees');
  expect(packagedModelFor({ kind: 'simulator' })).toBe(packagedModel());
  expect(packagedModelFor({ kind: 'wasm' })).toBeUndefined();
});

it('is described by docs/model-card.md', () => {
  const text = readFileSync(new URL('../../docs/model-card.md', import.meta.url), 'utf8');
  const { version, card } = packagedModel();
  for (const said of [version, ...card.kernels, ...card.targets]) expect(text).toContain(said);
});
