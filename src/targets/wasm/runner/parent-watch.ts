import { workerData } from 'node:worker_threads';

/** How soon a runner whose parent was killed ends at the latest. */
const LOOK_MS = 500;

// Ends the whole process once its parent is gone: it then belongs to another one.
setInterval(() => {
  if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL');
}, LOOK_MS);
