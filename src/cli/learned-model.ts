import type { CatalogStore } from '../../store/catalog-store.ts';
import type { ModelStore } from '../../store/model-store.ts';
import type { StudyStore } from '../../store/study-store.ts';
import {
  FEWEST_STUDIES,
  type StoredModel,
  storedModel,
  studiesToLearnFrom,
  trainStoredModel,
} from '../answers/model/stored-model.ts';
import { daemonOf } from '../http/client.ts';
import type { Flags } from './flags.ts';
import { NothingFound } from './nothing-found.ts';
import { type GlobalOption, storePath } from './options/global.ts';
import type { Session } from './session.ts';
import { readingIfThere, writing } from './stores.ts';

/** A model is outdated when the store has this many times the studies that it was trained on. */
const GROWTH = 1.5;

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
  if (!flags.isOn('quiet')) session.say(`learning from ${studies} studies …\n`);
  return learnNow('model', flags, session);
}

/** Trains the model on all studies of the store. */
export function learnNow(role: string, flags: Asked, session: Session): Promise<StoredModel> {
  return writing(role, flags, session, async (store) => {
    const outcome = await trainStoredModel(store, session.interruption());
    return (outcome === 'trained' ? await storedModel(store) : undefined) ?? nothingToLearnFrom();
  });
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
    `the store has too little to train a model on: it needs ${FEWEST_STUDIES} studies of kernels with IR, each with at least ten times; tune more kernels, shapes or targets`,
  );
}
