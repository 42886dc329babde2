// Runs the tests on another version of Node: `npm run test:node -- 24`, or a part of them with `--smoke`.
// npm has each Node as a package, with the headers that SQLite compiles against. The last commit is tested, in a
// copy with packages of its own, so the checkout keeps those that were compiled for its own Node.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The native module, signals and WASM: what another Node breaks first. */
const SMOKE = [
  'store/sqlite-store.test.ts',
  'tests/cli/interruption.test.ts',
  'src/targets/wasm/runner/runner.test.ts',
];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// vitest passes over a path without a file.
for (const file of SMOKE) {
  if (!existsSync(join(root, file)))
    throw new Error(`scripts/test-node.mjs names ${file}, which is not there`);
}
const [version = '', ...flags] = process.argv.slice(2);
if (!/^\d+(\.\d+){0,2}$/.test(version) || flags.some((flag) => flag !== '--smoke')) {
  console.error('usage: npm run test:node -- 22|24|26 [--smoke]');
  process.exit(2);
}
const place = join(root, '.build/node', version);
const checkout = join(place, 'checkout');

function run(program, words, cwd, env = process.env) {
  console.error(`> ${program} ${words.join(' ')}`);
  const { status } = spawnSync(program, words, { cwd, env, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

function installNode() {
  const name = `node-linux-${process.arch}`;
  mkdirSync(place, { recursive: true });
  run(
    'npm',
    ['install', '--prefix', place, '--no-save', '--no-audit', '--no-fund', `${name}@${version}`],
    place,
  );
  return join(place, 'node_modules', name);
}

function copyCommit() {
  rmSync(checkout, { recursive: true, force: true });
  run('git', ['clone', '--quiet', root, checkout], root);
  // Some tests read cases from beside the checkout, if they are there.
  const shared = join(root, '../shared');
  if (existsSync(shared) && !existsSync(join(place, 'shared'))) symlinkSync(shared, join(place, 'shared'));
}

const node = installNode();
copyCommit();
const path = `${join(node, 'bin')}${delimiter}${process.env.PATH}`;
const env = { ...process.env, PATH: path, npm_config_nodedir: node };
run('node', ['--version'], checkout, env);
run('npm', ['ci', '--no-audit', '--no-fund'], checkout, env);
const tests = flags.includes('--smoke') ? ['--', ...SMOKE] : [];
run('npm', ['test', ...tests], checkout, env);
