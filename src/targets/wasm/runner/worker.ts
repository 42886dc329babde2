import { readlinkSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { serve } from './worker-loop.ts';

// The main thread of this very process made `workerData`; it is a WorkerSetup.
parentPort?.postMessage(readlinkSync('/proc/thread-self'));
serve(workerData);
