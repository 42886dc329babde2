/** How soon a runner whose parent was killed ends at the latest. */
const LOOK_MS = 500;

/** Ends the whole process once its parent is gone: it then belongs to another one. */
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, LOOK_MS);
