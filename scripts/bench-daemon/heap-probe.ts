// Loaded into every thread of the measured daemon (`node --import`). On a message over IPC, each thread collects
// its garbage and reports the size of its heap: resident memory alone cannot tell a leak from a heap that V8
// let grow because memory was free.
import v8 from 'node:v8';
import vm from 'node:vm';
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

v8.setFlagsFromString('--expose-gc');
const collect: unknown = vm.runInNewContext('gc');
const questions = new BroadcastChannel('heap-questions');
const answers = new BroadcastChannel('heap-answers');
for (const channel of [questions, answers]) channel.unref();

function heldMebibytes(): number {
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

if (isMainThread) {
  answers.onmessage = (message: unknown) => {
    if (message instanceof MessageEvent) process.send?.({ thread: 'study', mebibytes: message.data });
  };
  process.on('message', () => {
    questions.postMessage('');
    process.send?.({ thread: 'main', mebibytes: heldMebibytes() });
  });
  process.channel?.unref();
} else {
  questions.onmessage = () => answers.postMessage(heldMebibytes());
}
