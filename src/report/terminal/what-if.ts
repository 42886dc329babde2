import type { WhatIfDocument } from '../../documents/what-if.ts';
import { flipSentences, retuningSentence } from '../words/what-if.ts';
import { drawConfiguration } from './configuration.ts';
import type { Paint } from './paint.ts';
import { drawTitle } from './study-title.ts';
import { wrapped } from './width.ts';

/** The best configuration of a changed machine, and where today's best is no longer it. */
export function drawWhatIfBest(document: WhatIfDocument, columns: number, paint: Paint): string {
  const label = `simulated with ${document.changes.join(', ')}`;
  const sentences = [...flipSentences(document), retuningSentence(document)];
  return [
    drawTitle(document, label, paint),
    `${drawConfiguration(document.changed.configuration, columns, '  ', paint)}\n\n`,
    ...sentences.map((sentence) => wrapped(sentence, columns)),
  ].join('');
}
