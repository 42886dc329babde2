// Writes the JSON Schema of every document that a command prints into docs/schema.
import { mkdirSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { documentSchemas } from '../src/report/documents/index.ts';

const FOLDER = 'docs/schema';

mkdirSync(FOLDER, { recursive: true });
for (const [name, schema] of Object.entries(documentSchemas)) {
  writeFileSync(`${FOLDER}/${name}.json`, `${JSON.stringify(z.toJSONSchema(schema), null, 2)}\n`);
}
console.log(`Wrote ${Object.keys(documentSchemas).length} schemas into ${FOLDER}.`);
