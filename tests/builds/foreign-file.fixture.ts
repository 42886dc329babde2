import type { Configuration } from '../../search-space/parameter.ts';
import { CACHE_LISTS } from '../../src/importers/kernel-tuner/import-cache.ts';
import { T4_LISTS } from '../../src/importers/t4/import-t4.ts';
import type { TuningResults } from '../../src/importers/tuning-results.ts';
import { type JsonFile, openJson } from '../../src/text/json-file.ts';
import { textSource } from '../../src/text/json-text.fixture.ts';
import type { Metrics, Phases, Result } from '../../store/trial.ts';
import type { WrittenResult } from '../../store/written-result.ts';

/** A foreign file, given as its text or its data. */
export function jsonOf(content: unknown): Promise<JsonFile> {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return openJson(textSource(text), [...T4_LISTS, ...CACHE_LISTS]);
}

export async function resultsOf({ readings }: TuningResults): Promise<readonly Result[]> {
  const found: Result[] = [];
  for await (const some of readings())
    for (const reading of some) if (reading.kind === 'result') found.push(unwritten(reading.result));
  return found;
}

function unwritten(written: WrittenResult): Result {
  const { prediction, metrics: _, ...result } = written;
  const configuration: Configuration = JSON.parse(written.configuration);
  const metrics: Metrics | null = written.metrics === null ? null : JSON.parse(written.metrics);
  const proposed = {
    configuration,
    ...(prediction !== null && { prediction }),
    ...(metrics !== null && { metrics }),
  };
  if (result.state === 'invalid') return { ...result, ...proposed };
  const samplesUs: readonly number[] = JSON.parse(result.samplesUs);
  const { phases, ...timed } = result;
  const parts: Phases | null = phases === null ? null : JSON.parse(phases);
  return { ...timed, ...proposed, samplesUs, ...(parts !== null && { phases: parts }) };
}
