import type { Configuration } from '../../../search-space/parameter.ts';
import type { Paint } from './paint.ts';
import { flow } from './width.ts';

/** "threads=4  tile=16384  …", as --fix and --set take it, wrapped at the terminal's width. */
export function drawConfiguration(
  configuration: Configuration,
  columns: number,
  indent: string,
  paint: Paint,
): string {
  const words = Object.entries(configuration).map(([name, value]) => `${paint.dim(`${name}=`)}${value}`);
  return flow(words, columns, indent, '  ');
}
