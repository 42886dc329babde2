import { expect, it } from 'vitest';
import { simulatedCall } from '../../src/answers/stored-call.ts';
import { whyOf } from '../../src/answers/why/why.ts';
import { studySpecSchema } from '../../src/ask/study-spec.ts';
import { parseFindings, storedReference } from '../../src/documents/findings.ts';
import { whyDocument } from '../../src/documents/why.ts';
import { simulateKernel } from '../../src/targets/npu/simulator/simulate.ts';
import { buildSpace } from '../../src/targets/npu/space/space.ts';
import { emptyStore, tune } from './tuned-store.fixture.ts';

/** Memory-bound ones, where much gains nothing, and others. */
const QUESTIONS = [
  { kernel: 'vector-add', shape: '65536', target: 'hexagon-v75' },
  { kernel: 'relu', shape: '262144', target: 'hexagon-v75' },
  { kernel: 'relu', shape: '131072', target: 'edge-2mib' },
  { kernel: 'silu', shape: '524288', target: 'hexagon-v75' },
  { kernel: 'softmax', shape: '128x512', target: 'edge-2mib' },
] as const;

it.each(QUESTIONS)(
  'why $kernel $shape on $target: no change that it names could be left out',
  async (asked) => {
    const store = await emptyStore();
    await tune(store, { ...asked, trials: 24 });
    const [summary] = await store.studies();
    const findings = parseFindings(await store.findings(summary.study.id));
    const record = await store.kernel(summary.kernel.hash);
    if (findings === undefined || record === undefined) throw new Error('it was tuned');
    const why = await whyOf(summary, findings, store);
    const { use, default: usual } = whyDocument(
      storedReference(summary),
      summary.study.defaultConfiguration,
      findings,
      why,
    );
    const { target } = studySpecSchema.parse(summary.study.spec);
    const call = simulatedCall({ kernel: record, target, fingerprint: summary.target.fingerprint });
    if (use === null || call === undefined) throw new Error('it can be simulated');
    const { kernel, machine } = call;
    const space = buildSpace(kernel, machine);
    const timeOf = (configuration: typeof use) => simulateKernel(kernel, machine, configuration).timeUs;
    for (const name of Object.keys(use).filter((each) => use[each] !== usual[each])) {
      const without = { ...use, [name]: usual[name] };
      // What needs more scratchpad is no simpler, though it is the default.
      if (!space.has(without) || name.startsWith('tile') || name === 'staging' || name === 'split') continue;
      expect(timeOf(without), `${name}=${use[name]}`).toBeGreaterThan(timeOf(use) * (1 + 1e-9));
    }
    await store.close();
  },
);
