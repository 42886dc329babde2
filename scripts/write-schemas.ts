// Writes the JSON Schema of every document that a command prints, and of a plan, into docs/schema.
import { mkdirSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { planSchema } from '../src/ask/plan.ts';
import { documentSchemas } from '../src/documents/index.ts';

const FOLDER = 'docs/schema';

mkdirSync(FOLDER, { recursive: true });
for (const [name, schema] of Object.entries(documentSchemas)) {
  writeFileSync(`${FOLDER}/${name}.json`, `${JSON.stringify(z.toJSONSchema(schema), null, 2)}\n`);
}
// The schema of the input that users write.
const plan = z.toJSONSchema(planSchema, { io: 'input' });
writeFileSync(`${FOLDER}/plan.json`, `${JSON.stringify(plan, null, 2)}\n`);
console.log(`Wrote ${Object.keys(documentSchemas).length + 1} schemas into ${FOLDER}.`);
