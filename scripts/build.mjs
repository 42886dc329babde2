// Builds into dist/ without breaking commands that run or start during the build: tsc compiles changes
// into .build/dist, then only files that differ are replaced in dist/, each by a rename.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const staging = join(root, '.build/dist');
const dist = join(root, 'dist');
const main = join(dist, 'src/cli/main.js');

/** Allows one build at a time. SQLite's lock on a file ends with the process, even if it is killed. */
function lock() {
  fs.mkdirSync(staging, { recursive: true });
  const database = new Database(join(root, '.build/lock.db'), { timeout: 600_000 });
  database.exec('BEGIN EXCLUSIVE');
  return database;
}

function compile() {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

function filesIn(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The planned contents of dist/: a map from each path in it to the file to copy. */
function built() {
  const files = new Map();
  for (const file of filesIn(staging)) {
    const path = relative(staging, file);
    if (fs.existsSync(join(root, path.replace(/(\.d\.ts|\.js)$/, '.ts')))) files.set(path, file);
    else fs.rmSync(file);
  }
  // tsc does not copy SQL, JSON, HTML and browser scripts.
  for (const folder of ['search-space', 'store', 'tuner', 'src', 'scripts']) {
    for (const file of filesIn(join(root, folder))) {
      if (!/\.(ts|mjs)$/.test(file)) files.set(relative(root, file), file);
    }
  }
  return files;
}

/** Replaces a file by a rename, so that readers see the whole old or the whole new file. */
function replace(path, write) {
  const beside = `${path}.new`;
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.rmSync(beside, { force: true });
  write(beside);
  fs.renameSync(beside, path);
}

function publish(files) {
  for (const [path, source] of files) {
    const target = join(dist, path);
    const content = fs.readFileSync(source);
    if (fs.existsSync(target) && fs.readFileSync(target).equals(content)) continue;
    replace(target, (file) => fs.writeFileSync(file, content, { mode: target === main ? 0o755 : 0o644 }));
  }
  for (const file of filesIn(dist)) if (!files.has(relative(dist, file))) fs.rmSync(file);
}

/**
 * Links the program to the path where `npx nightshift` looks in a clone. (A `bin` entry in package.json would make npx
 * install the clone into its own cache, and build it again, at first use.)
 */
function link() {
  const place = join(root, 'node_modules/.bin/nightshift');
  const target = relative(dirname(place), main);
  const linked = fs.lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() && fs.readlinkSync(place);
  if (linked !== target) replace(place, (file) => fs.symlinkSync(target, file));
}

const held = lock();
compile();
publish(built());
link();
held.close();
