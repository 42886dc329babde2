import type { CatalogStore } from '../../store/catalog-store.ts';
import type { ModelStore } from '../../store/model-store.ts';
import type { StudyStore } from '../../store/study-store.ts';
import { packagedModel } from '../../tuner/priors/packaged-model.ts';
import {
  FEWEST_STUDIES,
  type StoredModel,
  storedModel,
  studiesToLearnFrom,
  trainStoredModel,
} from '../answers/model/stored-model.ts';
import { daemonOf } from '../http/client.ts';
import { clip } from '../report/terminal/width.ts';
import { countOf } from '../report/words/numbers.ts';
import { formatDuration } from '../text/duration.ts';
import type { Flags } from './flags.ts';
import { Interrupted } from './interrupted.ts';
import { NothingFound } from './nothing-found.ts';
import { type GlobalOption, storePath } from './options/global.ts';
import type { Session } from './session.ts';
import { readingIfThere, writing } from './stores.ts';

/** A model is outdated when the store has this many times the studies that it was trained on. */
const GROWTH = 1.5;
/** How often it is said that the model still learns, on a terminal and in a pipe. Milliseconds. */
const REDRAW_MS = 1000;
const LINE_MS = 5000;

type Asked = Flags<GlobalOption>;
type Known = Readonly<{ model: StoredModel | undefined; studies: number }>;

/**
 * The model across studies, trained first if there is none or it is outdated. A store that a daemon holds
 * is only read. Throws NothingFound if there is too little to train on.
 */
export async function learnedModel(flags: Asked, session: Session): Promise<StoredModel> {
  const { model, studies } = await readingIfThere(flags, session, { model: undefined, studies: 0 }, known);
  const isOld = studies >= FEWEST_STUDIES && studies >= (model?.metrics.studies ?? 0) * GROWTH;
  if (!isOld) return model ?? nothingToLearnFrom();
  if (isHeld(flags, session)) return model ?? nothingWhileHeld();
  return learnNow('model', flags, session);
}

/** Trains the model on all studies of the store, and says how long it has been at it. Throws Interrupted after Ctrl-C. */
export function learnNow(role: string, flags: Asked, session: Session): Promise<StoredModel> {
  return writing(role, flags, session, async (store) => {
    const signal = session.interruption();
    const shown = flags.isOn('quiet') ? undefined : showLearning(await studiesToLearnFrom(store), session);
    try {
      const outcome = await trainStoredModel(store, signal);
      return (outcome === 'trained' ? await storedModel(store) : undefined) ?? nothingToLearnFrom();
    } catch (error) {
      throw signal.aborted ? new Interrupted('interrupted while the model learned') : error;
    } finally {
      shown?.end();
    }
  });
}

/** "learning from 12 studies, 8 s …": one line, redrawn, on a terminal; a plain line every few seconds when piped. */
function showLearning(studies: number, session: Session): Readonly<{ end(): void }> | undefined {
  if (studies < FEWEST_STUDIES) return undefined;
  const { clock, err } = session;
  const began = clock.elapsed();
  session.say(`learning from ${countOf(studies, 'study', 'studies')} …\n`);
  const tell = (): void => {
    const line = `learning from ${countOf(studies, 'study', 'studies')}, ${formatDuration(clock.elapsed() - began)} so far …`;
    if (err.isTerminal) session.sayOver(clip(line, err.columns - 1));
    else session.say(`${line}\n`);
  };
  const timer = setInterval(tell, err.isTerminal ? REDRAW_MS : LINE_MS).unref();
  return {
    end: () => {
      clearInterval(timer);
      if (err.isTerminal) session.sayOver('');
    },
  };
}

async function known(store: CatalogStore & StudyStore & ModelStore): Promise<Known> {
  return { model: await storedModel(store), studies: await studiesToLearnFrom(store) };
}

function isHeld(flags: Asked, session: Session): boolean {
  return daemonOf(storePath(flags.text('store'), session.env), session.env.NIGHTSHIFT_TOKEN) !== undefined;
}

function nothingWhileHeld(): never {
  throw new NothingFound(
    'no model has been trained yet, and a daemon holds the store; end it, then run `nightshift model --train`',
  );
}

function nothingToLearnFrom(): never {
  throw new NothingFound(
    `the store has too little to train a model on: it needs ${FEWEST_STUDIES} studies of kernels with IR, each with at least ten times; tune more kernels, shapes or targets (until then new simulated studies start with ${packagedModel().version}, which comes with the package: docs/model-card.md)`,
  );
}
