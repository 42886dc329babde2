import { parseArgs } from 'node:util';
import { InputError } from '../search-space/input-error.ts';
import { comparedPackets } from './count-packets/model.ts';
import { ladderTable, packetTable } from './fidelity/ladder-table.ts';
import { judgedRows } from './fidelity/left-out.ts';
import { reportMarkdown } from './fidelity/markdown.ts';
import { originCounts, originTable } from './fidelity/origin-counts.ts';
import { fidelityReport } from './fidelity/report.ts';
import { reportTable } from './fidelity/table.ts';
import { habitCosts } from './fidelity/what-if-costs.ts';

/**
 * npm run fidelity [-- --format json|table|md]: compares simulated with published figures. It begins with the tables of
 * docs/fidelity.md; `md` prints the generated half of docs/notes/fidelity.md after them.
 */
function main(): void {
  const { values } = parseArgs({ options: { format: { type: 'string', default: 'table' } } });
  process.stdout.write(`${render(values.format)}\n`);
}

function render(format: string): string {
  switch (format) {
    case 'json':
      return JSON.stringify(
        {
          ...fidelityReport(),
          ladder: judgedRows(),
          packets: comparedPackets(),
          origins: originCounts(),
        },
        null,
        2,
      );
    case 'table':
      return [pageTables(), reportTable(fidelityReport())].join('\n\n');
    case 'md':
      return [pageTables(), reportMarkdown(fidelityReport(), habitCosts())].join('\n\n');
    default:
      throw new InputError('--format', `cannot be '${format}'`, 'json, table or md');
  }
}

/** The tables of docs/fidelity.md. */
function pageTables(): string {
  return [
    '## Published gains, each judged without itself',
    ladderTable(judgedRows()),
    '## Packets beside real object code',
    packetTable(comparedPackets()),
    '## Measured, fitted, prior',
    originTable(),
  ].join('\n\n');
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = error instanceof InputError ? 2 : 1;
}
