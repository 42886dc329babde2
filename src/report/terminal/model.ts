import { isKnown, type OrUnknown } from '../../../tuner/attribution/gain.ts';
import type { ModelDocument, ModelFigures } from '../../documents/model.ts';
import { countOf } from '../words/numbers.ts';
import type { Paint } from './paint.ts';
import { drawTable } from './table.ts';

const LEARNERS = Object.freeze({
  trees: 'boosted trees',
  network: 'neural network',
  stack: 'boosted trees and a neural network',
});

/** How well the model predicts held-out studies. */
export function drawModel(model: ModelDocument, paint: Paint): string {
  const { version, learner, trainedAt, studies, trials, unseen } = model;
  const rows: readonly (readonly [string, OrUnknown<ModelFigures>])[] = [
    ['unseen studies', unseen.study],
    ['unseen kernels', unseen.kernel],
    ['unseen targets', unseen.target],
  ];
  return [
    `${paint.bold(`${LEARNERS[learner]} ${version}`)}, ${trainedAt.slice(0, 10)}: `,
    `trained on ${countOf(trials, 'trial')} of ${countOf(studies, 'study', 'studies')}\n\n`,
    figuresTable('held out', rows, paint),
    '\n',
    figuresTable(
      'kernel',
      model.kernels.map((one) => [one.name, one] as const),
      paint,
    ),
    '\n',
    figuresTable(
      'target',
      model.targets.map((one) => [one.name, one] as const),
      paint,
    ),
  ].join('');
}

function figuresTable(
  title: string,
  rows: readonly (readonly [string, OrUnknown<ModelFigures>])[],
  paint: Paint,
): string {
  const titles = [title, 'studies', 'rank correlation', 'error', 'regret of top 10'];
  const cells = rows.map(([name, figures]) =>
    isKnown(figures)
      ? [
          name,
          String(figures.studies),
          figures.rank.toFixed(2),
          percent(figures.error),
          percent(figures.regret),
        ]
      : [name, '0', ...Array.from({ length: 3 }, () => figures.unknown)],
  );
  return drawTable({ titles, aligns: ['left', 'right', 'right', 'right', 'right'], cells }, paint);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;
}
