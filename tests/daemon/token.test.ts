import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DaemonProcess, isBuilt, testFolder } from './daemon-process.ts';

const token = 'a-very-long-secret-0123456789';

describe.skipIf(!isBuilt)('the token', () => {
  it('is in no answer, no log and no file', async () => {
    const folder = testFolder();
    const env = { NIGHTSHIFT_TOKEN: token };
    const daemon = await DaemonProcess.start(join(folder, 'store.db'), ['--listen', '127.0.0.1:0'], env);
    const authorization = `Bearer ${token}`;
    const body = {
      studies: [{ kernel: 'gelu', shapes: ['4096'] }],
      targets: ['edge-2mib'],
      budget: { trials: 2 },
    };
    const answers = [
      await daemon.post('/v1/plans', { plan: body }, { authorization }),
      await daemon.get('/v1/plans', { authorization }),
      await daemon.get('/metrics', { authorization }),
      await daemon.get('/v1/studies'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 200, 200, 401]);
    expect(JSON.stringify(answers)).not.toContain(token);
    for (const file of readdirSync(folder))
      expect(readFileSync(join(folder, file), 'latin1'), file).not.toContain(token);
    expect(await daemon.end('SIGTERM')).toBe(0);
    expect(daemon.stderr).not.toContain(token);
  });
});
