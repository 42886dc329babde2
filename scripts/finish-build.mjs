// After tsc: copies the files that tsc leaves behind (SQL, JSON, HTML …) beside the compiled code,
// marks the binary executable, and links it where `npx nightshift` looks in a clone. (A `bin` entry in
// package.json would make npx install the clone into its own cache, and build it again, at first use.)
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const compiled = /\.(ts|mjs)$/;

for (const folder of ['search-space', 'store', 'tuner', 'src', 'scripts']) {
  for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || compiled.test(entry.name)) continue;
    const source = join(entry.parentPath, entry.name);
    const copy = join(root, 'dist', relative(root, source));
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(source, copy);
  }
}

const main = join(root, 'dist/src/cli/main.js');
chmodSync(main, 0o755);
const link = join(root, 'node_modules/.bin/nightshift');
mkdirSync(dirname(link), { recursive: true });
rmSync(link, { force: true });
symlinkSync(relative(dirname(link), main), link);
