import { markdownTable as table } from './markdown-table.ts';
import type { Report, Row } from './report.ts';
import { HABITS, type HabitCost } from './what-if-costs.ts';

/** The generated tables of docs/notes/fidelity.md. */
export function reportMarkdown(report: Report, costs: readonly HabitCost[]): string {
  return [
    '### Calibration and validation',
    '',
    ...rowsTable(report.rows.filter(({ use }) => use !== 'cross-validation')),
    '',
    '### Cross-validation: rows predicted by fits that left out their whole size',
    '',
    ...rowsTable(report.rows.filter(({ use }) => use === 'cross-validation')),
    '',
    ...table(
      ['rows', 'left out', 'count', 'median error', 'worst error'],
      report.spreads.map(({ regime, rows, median, worst }) => {
        const [mode, cached, ...left] = regime.split(', ');
        return [`${mode}, ${cached}`, left.join(), String(rows), percent(median), percent(worst)];
      }),
    ),
    '',
    '### Free parameters',
    '',
    ...table(
      ['device', 'figure', 'value', 'range of the accepted sets', 'meaning', 'fixed by'],
      report.devices.flatMap(({ name, free }) =>
        free.map(({ path, value, low, high, bound, meaning, fixedBy }) => [
          name,
          `\`${path}\``,
          bound === undefined ? String(value) : `${value}, at its bound`,
          `${low} to ${high}`,
          meaning,
          fixedBy.join(', '),
        ]),
      ),
    ),
    '',
    '### What is not fitted',
    '',
    ...table(
      ['device', 'figure', 'stated range', 'range of the accepted sets'],
      report.devices.flatMap(({ name, open }) =>
        open.map(({ path, low, high, stated }) => [
          name,
          `\`${path}\``,
          stated.join(' to '),
          `${low} to ${high}`,
        ]),
      ),
    ),
    '',
    '### Orderings and crossovers',
    '',
    ...table(
      ['what', 'seen by others', 'simulated', 'holds'],
      report.crossings.map(({ what, expected, simulated, holds }) => [
        what,
        expected,
        simulated,
        holds ? 'yes' : 'no',
      ]),
    ),
    '',
    '### What each habit costs on hexagon-mlir',
    '',
    'Time with the habit over time without it; above 1, the habit costs. First with the tile that the compiler chooses and every mechanism on, then each side at its best configuration.',
    '',
    ...habitTable(costs),
  ].join('\n');
}

function rowsTable(rows: readonly Row[]): string[] {
  return table(
    ['id', 'published', 'simulated', 'ratio', 'use', 'assumed'],
    rows.map(({ id, mode, published, simulated, ratio, unit, use, assumed, reason }) => [
      mode === undefined ? id : `${id} ${mode}`,
      `${published}${unit === 'us' ? ' µs' : ''}`,
      simulated === null ? (reason ?? '-') : `${simulated.toPrecision(4)}${unit === 'us' ? ' µs' : ''}`,
      ratio === null ? '' : ratio.toFixed(2),
      use,
      assumed,
    ]),
  );
}

function habitTable(costs: readonly HabitCost[]): string[] {
  const kernels = [...new Set(costs.map(({ kernel }) => kernel))];
  return table(
    ['what if', ...kernels],
    HABITS.map((whatIf) => [
      `\`${whatIf}\``,
      ...kernels.map((kernel) => {
        const cost = costs.find((found) => found.kernel === kernel && found.whatIf === whatIf);
        return cost === undefined ? '' : `${cost.asCompiled.toFixed(2)} / ${cost.tuned.toFixed(2)}`;
      }),
    ]),
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
