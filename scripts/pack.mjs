// Around `npm pack` and `npm publish`: `begin` makes bin/nightshift, the package's command, and `end` removes it.
// In a clone it must not be there: npx would install the clone into its own cache, and build it again, instead of
// running what `npm run build` linked.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = join(dirname(dirname(fileURLToPath(import.meta.url))), 'bin');
const PROGRAM = "#!/usr/bin/env node\nimport '../dist/src/cli/main.js';\n";

rmSync(bin, { recursive: true, force: true });
if (process.argv[2] === 'begin') {
  mkdirSync(bin);
  writeFileSync(join(bin, 'nightshift'), PROGRAM, { mode: 0o755 });
}
