// Loaded with `--import` into a daemon and each of its threads: notes every path that node:fs is asked for.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { threadId } from 'node:worker_threads';

const { writeSync } = fs;
const path = process.env.NIGHTSHIFT_TEST_TRACE;
const log = path === undefined ? undefined : fs.openSync(path, 'a');
/** Their second argument is a path, too. */
const ofTwoPaths = /^(rename|copyFile|cp|link|symlink)/;

function note(name, path) {
  if (typeof path !== 'string' && !(path instanceof URL) && !Buffer.isBuffer(path)) return;
  writeSync(log, `${JSON.stringify({ thread: threadId, name, path: String(path) })}\n`);
}

function trace(functions) {
  for (const [name, original] of Object.entries(functions)) {
    if (typeof original !== 'function' || !/^[a-z]/.test(name)) continue;
    const traced = (...given) => {
      note(name, given[0]);
      if (ofTwoPaths.test(name)) note(name, given[1]);
      return original(...given);
    };
    functions[name] = Object.assign(traced, original);
  }
}

if (log !== undefined) {
  trace(fs.promises);
  trace(fs);
  syncBuiltinESMExports();
}
