// The model that comes with the package, trained on simulated studies: npm run train-model [-- --seed 1]
// docs/model-card.md says what it knows; npm run bench:model -- --search how much it helps kernels and targets it does not know.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { InputError } from '../search-space/input-error.ts';
import { examplesIn } from '../tuner/models/across/examples.ts';
import type { ModelCard } from '../tuner/priors/packaged-model.ts';
import { simulatedStudies } from './train-model/simulated-studies.ts';
import { packagedModelOf } from './train-model/training.ts';

const FOLDER = 'tuner/priors/packaged';
const SIZE_LIMIT = 3 << 20;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' } } });
  const seed = Number(values.seed);
  if (!Number.isInteger(seed)) throw new InputError('--seed', 'is a whole number');
  const studies = simulatedStudies().map((study) => study.lesson(seed));
  const blob = (await packagedModelOf(studies, seed)).save();
  if (blob.length > SIZE_LIMIT)
    throw new Error(`the model has ${blob.length} bytes, more than ${SIZE_LIMIT}`);
  const names = (of: 'kernel' | 'target'): readonly string[] =>
    [...new Set(studies.map((study) => study[of]))].sort();
  const card: ModelCard = {
    kind: 'simulator',
    kernels: names('kernel'),
    targets: names('target'),
    studies: studies.length,
    trials: examplesIn(studies),
    seed,
  };
  writeFileSync(`${FOLDER}/model.json.gz`, blob);
  writeFileSync(`${FOLDER}/card.json`, `${JSON.stringify(card, null, 2)}\n`);
  console.log(`${card.trials} trials of ${card.studies} studies; ${blob.length} bytes`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
