import type { ModelRecord } from './records.ts';

/** Cost models and priors, by version. */
export interface ModelStore {
  saveModel(model: Omit<ModelRecord, 'createdAt'>): Promise<void>;
  model(version: string): Promise<ModelRecord | undefined>;
  latestModel(kind: string): Promise<ModelRecord | undefined>;
}
