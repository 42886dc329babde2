import { loadReplayTable, type ReplayTable } from '../../src/backends/replay/table.ts';
import { perform, type Task } from './task.ts';

const tables = new Map<string, ReplayTable>();

/** A process that performs the tasks it is sent, one after the other, and sends back what was found. */
process.on('message', async (task: Task) => {
  const table = tables.get(task.path) ?? (await loadReplayTable(task.path));
  tables.set(task.path, table);
  process.send?.(perform(task, table));
});
