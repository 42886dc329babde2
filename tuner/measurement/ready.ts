import type { Proposal, Result } from '../../store/trial.ts';
import type { Backend, Failure, Variant } from '../backend.ts';

/** Times a batch of proposals cheaply: good enough to rank, never to report a gain. */
export type Screen = (proposals: readonly Proposal[], signal: AbortSignal) => Promise<readonly Result[]>;

/** Prepared and checked, or why not. */
export async function ready(
  backend: Backend,
  proposal: Proposal,
  signal: AbortSignal,
): Promise<Variant | Failure> {
  const prepared = await backend.prepare(proposal, signal);
  if (prepared.state === 'invalid') return prepared;
  const verdict = await backend.verify(prepared.variant, signal);
  return verdict.state === 'invalid' ? verdict : prepared.variant;
}
