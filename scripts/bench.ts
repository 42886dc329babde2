// All benchmarks, or one: npm run bench [-- simulator|store|spaces|search|wasm|native|daemon|model|stability …flags of the benchmark]
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NAMES = ['simulator', 'store', 'spaces', 'search', 'wasm', 'native', 'model', 'daemon'];
/** Benchmarks that take many minutes; they run only if they are named. */
const LONG = ['stability'];
const [asked, ...rest] = process.argv.slice(2);
const chosen = asked === undefined ? NAMES : [...NAMES, ...LONG].filter((name) => name === asked);
if (chosen.length === 0) {
  console.error(
    `nightshift: bench: unknown benchmark '${asked}' (one of: ${[...NAMES, ...LONG].join(', ')})`,
  );
  process.exit(2);
}

let failed = false;
for (const name of chosen) {
  const script = fileURLToPath(new URL(`./bench-${name}.js`, import.meta.url));
  if (!existsSync(script)) continue;
  if (asked === undefined) console.log(`\n== ${name} ==`);
  const { status } = spawnSync(process.execPath, [script, ...rest], { stdio: 'inherit' });
  failed ||= status !== 0;
}
process.exitCode = failed ? 1 : 0;
