import type { StoredBest, TargetRecord } from '../../../store/records.ts';
import { targetKinds } from '../../../store/target-kinds.ts';

/**
 * A result under a target's name that is not the one to use, with the reason. `instead` is the result of the same
 * kernel and shape that is used; undefined if there is none.
 */
export type SetAside = Readonly<{ best: StoredBest; why: string; instead: StoredBest | undefined }>;

/** The results to use under a target's name. */
export type Gathered = Readonly<{
  /** The latest of the name. */
  target: TargetRecord;
  /** One for each kernel and shape, in the order given. */
  bests: readonly StoredBest[];
  setAside: readonly SetAside[];
}>;

/**
 * Gathers what is known under one target's name. `records` are the targets of that name, the latest first;
 * `bests` are theirs.
 *
 * Results of the latest fingerprint count. So do those of another one that is the same device, measured in
 * another way: a command's words name the kernel or its shape. Of several results of one kernel and shape the
 * one found last counts, because times that were measured in different ways cannot be compared.
 */
export function gather(
  [latest, ...earlier]: readonly [TargetRecord, ...TargetRecord[]],
  bests: readonly StoredBest[],
): Gathered {
  const records = new Map([latest, ...earlier].map((record) => [record.fingerprint, record]));
  const chosen = new Map<string, StoredBest>();
  const others = new Map<StoredBest, string>();
  for (const best of bests) {
    const why = differenceOf(records.get(best.target.fingerprint), latest);
    const rival = chosen.get(best.kernel.hash);
    if (why !== undefined) others.set(best, why);
    else if (rival === undefined || isLater(best, rival)) chosen.set(best.kernel.hash, best);
  }
  const isChosen = (best: StoredBest): boolean => chosen.get(best.kernel.hash) === best;
  const setAside = bests
    .filter((best) => !isChosen(best))
    .map((best) => ({
      best,
      why: others.get(best) ?? 'was measured in another way',
      instead: chosen.get(best.kernel.hash),
    }));
  return { target: latest, bests: bests.filter(isChosen), setAside };
}

function isLater(a: StoredBest, b: StoredBest): boolean {
  return a.measuredAt > b.measuredAt || (a.measuredAt === b.measuredAt && a.studyId > b.studyId);
}

/** Why results of a target do not hold for the latest of its name; undefined if they do. */
function differenceOf(record: TargetRecord | undefined, latest: TargetRecord): string | undefined {
  if (record === undefined || record.fingerprint === latest.fingerprint) return undefined;
  const { deviceFields } = targetKinds[latest.kind];
  if (record.kind !== latest.kind)
    return `is ${targetKinds[record.kind].longLabel}, and the latest of this name is ${targetKinds[latest.kind].longLabel}`;
  if (deviceFields === null)
    return `is from before the target changed (its fingerprint was ${record.fingerprint})`;
  const field = deviceFields.find((name) => said(record, name) !== said(latest, name));
  if (field === undefined) return undefined;
  return `is of the device with ${field} '${said(record, field)}', and the latest has '${said(latest, field)}'`;
}

function said({ description }: TargetRecord, field: string): string {
  return String(description[field] ?? '');
}
