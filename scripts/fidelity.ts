import { parseArgs } from 'node:util';
import { InputError } from '../search-space/input-error.ts';
import { comparedPackets } from './count-packets/model.ts';
import { ladderTable, packetTable } from './fidelity/ladder-table.ts';
import { judgedRows } from './fidelity/left-out.ts';
import { reportMarkdown } from './fidelity/markdown.ts';
import { fidelityReport } from './fidelity/report.ts';
import { reportTable } from './fidelity/table.ts';
import { habitCosts } from './fidelity/what-if-costs.ts';

/**
 * npm run fidelity [-- --format json|table|md]: compares simulated with published figures.
 * `md` prints the generated half of docs/notes/fidelity.md.
 */
function main(): void {
  const { values } = parseArgs({ options: { format: { type: 'string', default: 'table' } } });
  process.stdout.write(`${render(values.format)}\n`);
}

function render(format: string): string {
  switch (format) {
    case 'json':
      return JSON.stringify(
        { ...fidelityReport(), ladder: judgedRows(), packets: comparedPackets() },
        null,
        2,
      );
    case 'table':
      return [ladderTable(judgedRows()), packetTable(comparedPackets()), reportTable(fidelityReport())].join(
        '\n\n',
      );
    case 'md':
      return [
        '### The ladder, each row left out of the fit that judges it',
        ladderTable(judgedRows()),
        '### Packets an element beside those of real object code',
        packetTable(comparedPackets()),
        reportMarkdown(fidelityReport(), habitCosts()),
      ].join('\n\n');
    default:
      throw new InputError('--format', `cannot be '${format}'`, 'json, table or md');
  }
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = error instanceof InputError ? 2 : 1;
}
