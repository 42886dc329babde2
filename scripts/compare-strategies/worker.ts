import { Shelf } from './shelf.ts';
import { perform, type Task } from './task.ts';

const shelf = new Shelf();

/** A process that performs the tasks it is sent, one after the other, and sends back what was found. */
process.on('message', async (task: Task) => {
  process.send?.(await perform(task, shelf));
});
