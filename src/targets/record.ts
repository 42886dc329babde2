import type { TargetRecord } from '../../store/records.ts';
import type { Target } from './_base.ts';

/** A target as the store keeps it. */
export function targetRecord<K>(target: Target<K>): TargetRecord {
  const { fingerprint, name, kind, description, features } = target;
  return { fingerprint, name, kind, description, features };
}
