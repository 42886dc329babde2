import type { NestsDocument } from '../../documents/nests.ts';
import { formatCount } from '../../text/number-text.ts';
import { countOf } from '../words/numbers.ts';
import type { Paint } from './paint.ts';
import { drawTable } from './table.ts';

/** A kernel's loops in a configuration, as text. */
export function drawNests(document: NestsDocument, paint: Paint): string {
  const { target, configuration, threads } = document;
  const chosen = Object.entries(configuration).map(([name, value]) => `${name}=${value}`);
  const share =
    threads.count === 1 ? '1' : `${threads.count} share ${threads.share.join(', ')} (${threads.split})`;
  return [
    `\n${paint.bold(`loops on ${target}`)}\n`,
    paint.dim(`  ${chosen.join(' ')}\n`),
    `  threads  ${share}\n`,
    `  staging  ${stagingWords(document)}\n`,
    ...scratchLine(document),
    ...drawOperands(document, paint),
    ...drawTemporaries(document, paint),
    '\n',
    ...document.lines.map((line) => listingLine(line, paint)),
  ].join('');
}

function scratchLine({ scratchBytes, scratchCopies, threads }: NestsDocument): readonly string[] {
  if (scratchBytes === 0) return [];
  const bytes = countOf(scratchBytes, 'byte');
  if (threads.count === 1) return [`  scratch  ${bytes}\n`];
  if (scratchCopies === 1) return [`  scratch  ${bytes}, shared by the threads\n`];
  const all = formatCount(scratchBytes * scratchCopies);
  return [`  scratch  ${bytes} for each thread, ${all} in all\n`];
}

function stagingWords({ staging: { how, buffers, operands } }: NestsDocument): string {
  if (how === 'direct' || operands.length === 0) return 'none: operands are used where they lie';
  return `${how}, ${buffers === 1 ? 'one buffer' : `${buffers} buffers`} of each operand`;
}

function drawOperands({ staging }: NestsDocument, paint: Paint): readonly string[] {
  if (staging.operands.length === 0) return [];
  const cells = staging.operands.map(({ operand, dtype, elements, bytes, offset, reads, writes }) => [
    `  ${operand}`,
    `${formatCount(elements)} ${dtype}`,
    countOf(bytes, 'byte'),
    formatCount(offset),
    [...(reads ? ['in'] : []), ...(writes ? ['out'] : [])].join(', '),
  ]);
  const titles = ['  staged', 'elements', 'a buffer', 'at byte', 'copied'];
  return ['\n', drawTable({ titles, aligns: ['left', 'right', 'right', 'right', 'left'], cells }, paint)];
}

function drawTemporaries({ temporaries }: NestsDocument, paint: Paint): readonly string[] {
  if (temporaries.length === 0) return [];
  const cells = temporaries.map(({ name, dtype, dims, place, bytes, offset }) => [
    `  ${name}`,
    dims.length === 0 ? dtype : `${dtype}[${dims.join(', ')}]`,
    offset === null ? place : `${place} at byte ${offset}`,
    bytes === null ? '' : countOf(bytes, 'byte'),
  ]);
  const titles = ['  kept for later', 'dtype', 'place', 'size'];
  return ['\n', drawTable({ titles, aligns: ['left', 'left', 'left', 'right'], cells }, paint)];
}

function listingLine(line: NestsDocument['lines'][number], paint: Paint): string {
  const indent = '  '.repeat(line.depth + 1);
  if (line.kind === 'statement') return `${indent}${line.text}\n`;
  const { name, extent, step, roles } = line;
  const range = step === 1 ? `${extent}` : `${extent} by ${step}`;
  const words = roles.length === 0 ? '' : paint.dim(`  ${roles.join(', ')}`);
  return `${indent}${paint.bold('for')} ${name} in ${range}${words}\n`;
}
