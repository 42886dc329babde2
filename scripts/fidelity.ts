import { parseArgs } from 'node:util';
import { InputError } from '../search-space/input-error.ts';
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
      return JSON.stringify(fidelityReport(), null, 2);
    case 'table':
      return reportTable(fidelityReport());
    case 'md':
      return reportMarkdown(fidelityReport(), habitCosts());
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
