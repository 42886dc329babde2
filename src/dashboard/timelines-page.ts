import type { Store } from '../../store/store.ts';
import type { StudySummary } from '../../store/study-store.ts';
import { parseFindings } from '../documents/findings.ts';
import type { DrawnCalls, NamedCall } from '../report/timeline/stored.ts';
import { callOf } from './study-call.ts';

/** Draws one call, or two on one axis of time; null if that is no longer possible. */
export type DrawCalls = (first: NamedCall, second: NamedCall | null) => Promise<DrawnCalls | null>;

/** The default above what to use. Null where nothing is simulated; undefined for an id that no study has. */
export async function studyTimelines(
  id: string,
  store: Store,
  draw: DrawCalls,
): Promise<DrawnCalls | null | undefined> {
  const summary = await store.summary(id);
  if (summary === undefined) return undefined;
  const use = await useOf(summary, 'use', store);
  if (use === null) return null;
  const before = summary.study.defaultConfiguration;
  const isSame = JSON.stringify(before) === JSON.stringify(use.configuration);
  return isSame ? draw(use, null) : draw({ ...use, name: 'default', configuration: before }, use);
}

/**
 * What two studies of one computation say to use. Null for two computations, and where one study is not simulated; undefined
 * for an id that no study has. On two targets nothing says how much faster one is: these times are not comparable.
 */
export async function pairTimelines(
  ids: readonly [string, string],
  store: Store,
  draw: DrawCalls,
): Promise<DrawnCalls | null | undefined> {
  const [first, second] = await Promise.all(ids.map((id) => store.summary(id)));
  if (first === undefined || second === undefined) return undefined;
  if (first.kernel.hash !== second.kernel.hash) return null;
  const nameOf = ({ study }: StudySummary): string => study.id.slice(0, 4);
  const [a, b] = [await useOf(first, nameOf(first), store), await useOf(second, nameOf(second), store)];
  const drawn = a === null || b === null ? null : await draw(a, b);
  const isOneTarget = first.target.fingerprint === second.target.fingerprint;
  return drawn === null || isOneTarget ? drawn : { ...drawn, sentence: null };
}

async function useOf(summary: StudySummary, name: string, store: Store): Promise<NamedCall | null> {
  const call = await callOf(summary, store);
  const best = parseFindings(await store.findings(summary.study.id))?.best ?? null;
  return call === undefined || best === null ? null : { ...call, name, configuration: best.configuration };
}
