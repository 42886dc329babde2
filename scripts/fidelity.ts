import { parseArgs } from 'node:util';
import { InputError } from '../search-space/input-error.ts';
import { fidelityReport } from './fidelity/report.ts';
import { reportTable } from './fidelity/table.ts';

/** npm run fidelity [-- --format json|table]: simulated against published, figure by figure. */
function main(): void {
  const { values } = parseArgs({ options: { format: { type: 'string', default: 'table' } } });
  if (values.format !== 'json' && values.format !== 'table') {
    throw new InputError('--format', `cannot be '${values.format}'`, 'json or table');
  }
  const report = fidelityReport();
  const text = values.format === 'json' ? JSON.stringify(report, null, 2) : reportTable(report);
  process.stdout.write(`${text}\n`);
}

main();
