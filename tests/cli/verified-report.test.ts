import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { studyDocumentSchema } from '../../src/documents/findings.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const at = (name: string): string => join(folder.path, name);
const nightshift = (...words: readonly string[]) => inProcess(words, { NIGHTSHIFT_STORE: at('store.db') });

it('tells in both reports that what to use was verified, and knows a study’s own configuration', async () => {
  const line = ['tune', 'softmax', '--shape', '64x256', '--trials', '40', '--quiet', '--format', 'json'];
  const { study, best } = studyDocumentSchema.parse(JSON.parse((await nightshift(...line)).stdout));
  expect((await nightshift('verify', study.id)).code).toBe(0);
  await nightshift('report', '--html', at('r.html'), '--md', at('r.md'));
  for (const name of ['r.html', 'r.md'])
    expect(readFileSync(at(name), 'utf8')).toContain(
      'What to use was verified faster than the default, simulated.',
    );
  const own = await nightshift('verify', study.id, '--against', study.id, '--format', 'json');
  expect(own.code).toBe(1);
  const { sentence, winner, against } = JSON.parse(own.stdout);
  expect(sentence).toContain('both are the same configuration');
  expect([winner.configuration, against.configuration]).toEqual([best?.configuration, best?.configuration]);
  expect((await nightshift('best', 'softmax', '--shape', '64x256')).stdout).toContain('default, simulated');
});
