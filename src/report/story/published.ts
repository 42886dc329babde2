import { publishedGains } from '../../answers/published.ts';
import { storedReference } from '../../documents/findings.ts';
import { publishedSentence } from '../words/published.ts';
import { ladderOf, type StudyOutcome } from './study-story.ts';

/** A sentence for each published gain, with the study's own beside it. */
export function publishedSentences(story: StudyOutcome): readonly string[] {
  return publishedGains(storedReference(story), {
    ladder: ladderOf(story),
    gains: story.findings?.gains ?? {},
  }).map(publishedSentence);
}
