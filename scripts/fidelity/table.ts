import type { Device, Report, Row } from './report.ts';

/** The report as text. */
export function reportTable(report: Report): string {
  const uses = ['calibration', 'validation', 'cross-validation'] as const;
  return [
    ...uses.flatMap((use) => [heading(use), ...report.rows.filter((row) => row.use === use).map(line), '']),
    'Cross-validation: |simulated / published − 1|',
    ...report.spreads.map(
      ({ regime, rows, median, worst }) =>
        `  ${regime.padEnd(46)} ${rows} rows, median ${percent(median)}, worst ${percent(worst)}`,
    ),
    '',
    'Orderings and crossovers',
    ...report.crossings.flatMap(({ what, expected, simulated, holds }) => [
      `  ${holds ? 'holds' : 'FAILS'}: ${what}: ${expected}`,
      `         ${simulated}`,
    ]),
    '',
    'Where the sources contradict each other',
    ...report.contradictions.map((sentence) => `  ${sentence}`),
    '',
    ...report.devices.flatMap(device),
  ].join('\n');
}

function heading(use: Row['use']): string {
  const words = {
    calibration: 'Calibration (fitted)',
    validation: 'Validation (never fitted)',
    'cross-validation': 'Cross-validation (predicted by fits that left out all rows of the size)',
  };
  return words[use];
}

function line({ id, mode, published, simulated, ratio, unit, reason }: Row): string {
  const name = mode === undefined ? id : `${id} ${mode}`;
  const digits = unit === 'us' && Number(published) > 1000 ? 0 : 2;
  const unitWord = unit === 'us' ? 'µs' : '×';
  const said = typeof published === 'number' ? published.toFixed(digits) : `"${published}"`;
  if (simulated === null) return `  ${name.padEnd(34)} ${said.padStart(11)} ${reason}`;
  const shown = simulated.toFixed(digits);
  return `  ${name.padEnd(34)} ${said.padStart(11)} ${shown.padStart(11)} ${unitWord}  ${ratio === null ? '' : ratio.toFixed(3)}`;
}

function device({ name, figures, free, open, sets }: Device): string[] {
  return [
    `${name}: ${free.length} free parameters, ${figures} figures, ${sets} accepted sets`,
    ...free.map(
      ({ path, value, low, high, bound, meaning, fixedBy }) =>
        `  ${path.padEnd(26)} ${String(value).padStart(8)} (${low} to ${high}${bound === undefined ? '' : '; the fit ends at its bound'}): ${meaning}; fixed by ${fixedBy.join(', ')}`,
    ),
    ...open.map(
      ({ path, low, high, stated }) =>
        `  ${path.padEnd(26)} not fitted (${low} to ${high}), stated ${stated.join(' to ')}`,
    ),
    '  every other figure is cited, or a word; the target file says which',
    '',
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
