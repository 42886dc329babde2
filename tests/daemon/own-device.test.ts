import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { desktop } from '../../src/http/desk.fixture.ts';
import { openStore } from '../../store/open-store.ts';
import { systemClock } from '../../tuner/clock.ts';
import { inProcess } from '../cli/in-process.fixture.ts';

it('GET /v1/best answers for a kernel of one’s own device as `best` does', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-device-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [file, space, program] = ['store.db', 'conv.json', 'measure.sh'].map((name) => join(folder, name));
  writeFileSync(space, JSON.stringify({ parameters: [{ name: 'tile', values: [8, 16, 32] }] }));
  writeFileSync(program, '#!/bin/sh\necho "{\\"timeUs\\": $((40 - $1))}"\n');
  chmodSync(program, 0o755);
  const run = (...words: readonly string[]) => inProcess(words, { NIGHTSHIFT_STORE: file });
  // The words of the command differ: two fingerprints of one name.
  for (const shape of ['8', '16'])
    await run(
      ...['tune', '--space', space, '--target', 'command:board', '--trials', '3', '--quiet'],
      ...['--shape', shape, '--', program, '{tile}', shape],
    );
  const printed = await run('best', 'conv', '--shape', '8', '--target', 'board', '--format', 'json');
  const store = await openStore(file, { mode: 'write', clock: systemClock, writer: { role: 'test' } });
  onTestFinished(() => store.close());
  const { ask } = await desktop({ store });
  const best = (query: string) => ask('GET', `/v1/best?kernel=conv&${query}`);
  const answer = await best('target=board&shape=8');
  expect(answer).toEqual({ status: 200, body: JSON.parse(printed.stdout) });
  expect(answer.body).toMatchObject({ configuration: { tile: 32 }, provenance: { how: 'observed' } });
  expect(await best('target=board&shape=16')).toMatchObject({ status: 200, body: { shape: '16' } });
  const refused = async (query: string, message: RegExp) =>
    expect(await best(query)).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(message) } },
    });
  await refused('target=board', /^shape: is missing \(there are results for conv 8 and conv 16\)/);
  await refused('target=board&shape=32', /conv has not been measured on board at 32/);
  await refused(
    'target=wasm',
    /conv has not been measured on wasm \(there are results for 16 on board and 8 on board\)/,
  );
});
