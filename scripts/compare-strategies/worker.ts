import { Shelf } from './shelf.ts';
import { perform, type Task } from './task.ts';

const shelf = new Shelf();

/** A process that performs the tasks sent to it, one after the other, and sends back the results. */
process.on('message', async (task: Task) => {
  process.send?.(await perform(task, shelf));
});
