import type { KernelDocument } from '../../documents/kernel.ts';
import { formatCount } from '../../text/number-text.ts';
import { countOf } from '../words/numbers.ts';
import { bar } from './bar.ts';
import { drawNests } from './nests.ts';
import type { Paint } from './paint.ts';
import { drawTable } from './table.ts';

const LONGEST_BAR = 30;

/** A kernel as text: its IR, operations and bytes. */
export function drawKernel(kernel: KernelDocument, paint: Paint): string {
  const { listing, opMix, arithmeticOps, bytesMoved, intensity, hash, source } = kernel;
  const [title, ...rest] = listing;
  const most = Math.max(...Object.values(opMix));
  const cells = Object.entries(opMix)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => [name, formatCount(count), paint.cyan(bar((LONGEST_BAR * count) / most))]);
  return [
    `${paint.bold(title)}\n${rest.join('\n')}\n\n`,
    drawTable({ titles: ['operations', 'count', ''], aligns: ['left', 'right', 'left'], cells }, paint),
    `\n${countOf(arithmeticOps, 'arithmetic operation')}, ${countOf(bytesMoved, 'byte')} moved: `,
    `${paint.bold(intensity.toFixed(2))} operations a byte\n`,
    paint.dim(`hash ${hash}, from ${source}\n`),
    ...(kernel.nest === null ? [] : [drawNests(kernel.nest, paint)]),
  ].join('');
}
