import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Rival, talkTo } from '../rivals/rival.ts';

/** TensorFlow.js on its own WebAssembly backend. */
export function tfjsRival(): Rival {
  const name = 'tfjs-wasm';
  const script = fileURLToPath(new URL('./tfjs.js', import.meta.url));
  const start = async () =>
    talkTo(name, spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'ignore'] }));
  return { name, start, close: () => {} };
}
