import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { TargetRecord } from '../../store/records.ts';
import { TARGET_KINDS } from '../../store/target-kinds.ts';

/** The model that comes with the package, and what it was trained on; `npm run train-model` writes both files. */
export type PackagedModel = Readonly<{ version: string; blob: Uint8Array; card: ModelCard }>;

/** The kind under which a store keeps it once a study was opened with it. */
export const PACKAGED = 'packaged';

export const modelCard = z
  .strictObject({
    /** Targets of other kinds get no prior from it. */
    kind: z.enum(TARGET_KINDS),
    kernels: z.array(z.string()).readonly(),
    targets: z.array(z.string()).readonly(),
    studies: z.int(),
    trials: z.int(),
    seed: z.int(),
  })
  .readonly();
export type ModelCard = z.infer<typeof modelCard>;

const FOLDER = new URL('./packaged/', import.meta.url);
export const MODEL_FILE = new URL('model.json.gz', FOLDER);
const CARD_FILE = new URL('card.json', FOLDER);

let loaded: PackagedModel | undefined;

/** Read at its first use. Its version is a hash of its bytes. */
export function packagedModel(): PackagedModel {
  loaded ??= read();
  return loaded;
}

function read(): PackagedModel {
  const blob = readFileSync(MODEL_FILE);
  const card = modelCard.parse(JSON.parse(readFileSync(CARD_FILE, 'utf8')));
  const version = `${PACKAGED}-${createHash('sha256').update(blob).digest('hex').slice(0, 12)}`;
  return { version, blob, card };
}

/** The model, for a target of the kind that it knows. */
export function packagedModelFor({ kind }: Pick<TargetRecord, 'kind'>): PackagedModel | undefined {
  const model = packagedModel();
  return model.card.kind === kind ? model : undefined;
}
