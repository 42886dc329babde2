import type { TrialLog } from '../../store/trial-log.ts';
import { ExternalStudies } from './external-studies.ts';
import type { StudyQuestions, WorkerQuestion } from './messages.ts';
import type { ResolvedStudies } from './resolved-studies.ts';

/** Answers questions on the calling thread. */
export function studyQuestions(store: TrialLog, studies: Pick<ResolvedStudies, 'open'>): StudyQuestions {
  const external = new ExternalStudies(store);
  return Object.freeze<StudyQuestions>({
    open: (spec, toolVersion) => studies.open(spec, toolVersion),
    propose: (study, count, without) => external.propose(study, count, without),
    predict: (study, configurations) => external.predict(study, configurations),
  });
}

/** The answer to a question that came through a port. */
export function answerQuestion(questions: StudyQuestions, asked: WorkerQuestion): Promise<unknown> {
  switch (asked.method) {
    case 'open':
      return questions.open(...asked.arguments);
    case 'propose':
      return questions.propose(...asked.arguments);
    case 'predict':
      return questions.predict(...asked.arguments);
  }
}
