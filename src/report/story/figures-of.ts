import { drawBestSoFar } from '../figures/best-so-far.ts';
import { drawGains, type GainRow } from '../figures/gains.ts';
import { drawLadder, ladderData } from '../figures/ladder.ts';
import { drawScaling } from '../figures/scaling.ts';
import { drawShares, sharesData } from '../figures/shares.ts';
import type { Figure } from '../svg/figure.ts';
import { subjectOf } from '../terminal/study-title.ts';
import type { Story, StudyStory } from './story.ts';
import { placeOf } from './words.ts';

/** The same figures for HTML and Markdown. */
export type StudyFigures = Readonly<{
  ladder: Figure | undefined;
  /** Undefined also where it would be the same as `ladder`. */
  fixedTile: Figure | undefined;
  shares: Figure | undefined;
  curve: Figure | undefined;
}>;

export function studyFigures({ study, findings, curve }: StudyStory): StudyFigures {
  const { id } = study;
  const { ladder = null, ladderFixedTile = null, gains = {} } = findings ?? {};
  const isSame = JSON.stringify(ladder) === JSON.stringify(ladderFixedTile);
  const shares = sharesData(gains);
  return {
    ladder:
      ladder === null
        ? undefined
        : drawLadder(`ladder-${id}`, 'Ladder: all else tuned on each rung', ladderData(ladder)),
    fixedTile:
      ladderFixedTile === null || isSame
        ? undefined
        : drawLadder(
            `fixed-tile-${id}`,
            'Ladder: one tile and staging on all rungs',
            ladderData(ladderFixedTile),
          ),
    shares: shares.length === 0 ? undefined : drawShares(`shares-${id}`, shares),
    curve: drawBestSoFar(`best-so-far-${id}`, curve, findings?.default?.timeUs ?? null),
  };
}

/** All gains over the default on one axis; undefined where none is known. */
export function gainsFigure({ studies }: Story): Figure | undefined {
  const rows = studies.flatMap((each): readonly GainRow[] => {
    const gain = each.findings?.gainOverDefault ?? null;
    return gain === null ? [] : [{ name: subjectOf(each.kernel), target: placeOf(each, studies), gain }];
  });
  return rows.length === 0 ? undefined : drawGains('gains-over-default', rows);
}

export function scalingFigures({ scalings }: Pick<Story, 'scalings'>): readonly (Figure | undefined)[] {
  return scalings.map((document, place) => drawScaling(`scaling-${place + 1}`, document));
}
