import type { Proposal } from '../../store/trial.ts';
import type { Backend, Failure, Variant } from '../backend.ts';

/** A proposal made runnable and found correct, or why not. */
export async function prepareVariant(
  backend: Backend,
  proposal: Proposal,
  signal: AbortSignal,
): Promise<Variant | Failure> {
  const prepared = await backend.prepare(proposal, signal);
  if (prepared.state === 'invalid') return prepared;
  const verdict = await backend.verify(prepared.variant, signal);
  return verdict.state === 'invalid' ? verdict : prepared.variant;
}
