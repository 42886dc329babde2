import { breakdownsOf } from '../answers/breakdowns.ts';
import { bothImportances } from '../answers/importance.ts';
import { predictFrom } from '../answers/model/predict-best.ts';
import { answerMoved } from '../answers/what-if/moved-machine.ts';
import { answerWhy } from '../answers/why/why.ts';
import { parseKernel } from '../kernels/json.ts';
import { kernelRecord } from '../kernels/record.ts';
import { drawnCalls } from '../report/timeline/stored.ts';
import { bestOf } from './best-question.ts';
import { ExternalStudies } from './external-studies.ts';
import type { StudyQuestions, WorkerQuestion, WorkerStore } from './messages.ts';
import type { ResolvedStudies } from './resolved-studies.ts';

/** Answers questions on the calling thread. */
export function studyQuestions(
  store: Omit<WorkerStore, 'frozenPrior'>,
  studies: Pick<ResolvedStudies, 'open' | 'spread'>,
): StudyQuestions {
  const external = new ExternalStudies(store);
  return Object.freeze<StudyQuestions>({
    spread: (spec) => studies.spread(spec),
    open: (spec, toolVersion) => studies.open(spec, toolVersion),
    openExternal: (request) => external.open(request),
    prepare: (study) => external.prepare(study),
    misfit: (study, configurations) => external.misfit(study, configurations),
    propose: (study, count, without, settled) => external.propose(study, count, without, settled),
    predict: (study, configurations) => external.predict(study, configurations),
    best: (subject) => bestOf(subject, store, predictFrom(store)),
    timelines: async (first, second) => drawnCalls(first, second),
    whatIf: async (asked) => answerMoved(asked),
    breakdowns: async (call, configurations) => breakdownsOf(call, configurations),
    importance: async (...asked) => bothImportances(...asked),
    why: async (asked) => answerWhy(asked),
    kernelRecords: async (kernels) =>
      kernels.map(({ name, ir, source }) => kernelRecord({ ...parseKernel(ir), name }, source)),
  });
}

/** The answer to a question that came through a port. */
export function answerQuestion(questions: StudyQuestions, asked: WorkerQuestion): Promise<unknown> {
  switch (asked.method) {
    case 'spread':
      return questions.spread(...asked.arguments);
    case 'open':
      return questions.open(...asked.arguments);
    case 'openExternal':
      return questions.openExternal(...asked.arguments);
    case 'prepare':
      return questions.prepare(...asked.arguments);
    case 'misfit':
      return questions.misfit(...asked.arguments);
    case 'propose':
      return questions.propose(...asked.arguments);
    case 'predict':
      return questions.predict(...asked.arguments);
    case 'best':
      return questions.best(...asked.arguments);
    case 'timelines':
      return questions.timelines(...asked.arguments);
    case 'whatIf':
      return questions.whatIf(...asked.arguments);
    case 'breakdowns':
      return questions.breakdowns(...asked.arguments);
    case 'why':
      return questions.why(...asked.arguments);
    case 'importance':
      return questions.importance(...asked.arguments);
    case 'kernelRecords':
      return questions.kernelRecords(...asked.arguments);
  }
}
