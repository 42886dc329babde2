import type { StudyStore } from '../../store/study-store.ts';
import { type Why, type WhyQuestion, type WhySource, whyOf } from '../answers/why/why.ts';
import { parseFindings } from '../documents/findings.ts';
import { whyFigures } from '../report/story/figures-of.ts';
import { inlineSvg } from '../report/svg/figure.ts';
import { whySentences } from '../report/words/why.ts';

/** Why a study's configuration to use wins, in the words and figures of the report; a figure is null where there is nothing to draw. */
export type WhyPage = Readonly<{
  sentences: readonly string[];
  figures: Readonly<Record<'why' | 'roofline', string | null>>;
}>;

/** Null for a study without findings, undefined for an id that no study has. */
export async function whyPage(
  id: string,
  store: StudyStore & WhySource,
  answer: (asked: WhyQuestion) => Promise<Why>,
): Promise<WhyPage | null | undefined> {
  const summary = await store.summary(id);
  if (summary === undefined) return undefined;
  const findings = parseFindings(await store.findings(id));
  if (findings === undefined) return null;
  const found = await whyOf(summary, findings, store, answer);
  const { why, roofline } = whyFigures(id, found);
  return {
    sentences: whySentences(found),
    figures: {
      why: why === undefined ? null : inlineSvg(why),
      roofline: roofline === undefined ? null : inlineSvg(roofline),
    },
  };
}
