import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DaemonProcess, pause, testFolder } from '../daemon/daemon-process.ts';

const parameters = ['a', 'b', 'c', 'd'].map((name) => ({ name, values: 'range(1, 20001)' }));
const study = (constraint: string) => ({
  kernel: { name: 'mine' },
  target: { name: 'board' },
  space: { parameters, constraints: [constraint] },
  strategy: 'random',
});

describe('the daemon', () => {
  it('answers other requests while it builds a space that is too hard, and then refuses it', async () => {
    const daemon = await DaemonProcess.start(join(testFolder(), 'nightshift.db'));
    const ends: string[] = [];
    const easy = study('a < 5 and b < 5 and c == 1 and d == 1');
    const opened = await daemon.post('/v1/studies', easy);
    expect(opened.status).toBe(201);
    const [, id] = /"id":"(\w+)"/.exec(JSON.stringify(opened.body)) ?? [];
    const hard = daemon.post('/v1/studies', study('a * b == c * d')).finally(() => ends.push('hard'));
    for (const path of ['/healthz', '/v1/studies', '/v1/best?kernel=gelu&target=edge-2mib']) {
      expect((await daemon.get(path)).status).toBe(200);
      ends.push(path);
    }
    expect((await daemon.post(`/v1/studies/${id}/ask`, { count: 1 })).status).toBe(200);
    ends.push('ask');
    const refused = await hard;
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.body)).toMatch(
      /too hard to count: ('a \* b == c \* d' on .* took more than (50,000,000 steps|256 MiB), and \d of 4 were decided|the space took more than 20 s)/,
    );
    expect(ends.at(-1)).toBe('hard');
  });

  it('gives up a space whose client leaves, and builds the next', async () => {
    const daemon = await DaemonProcess.start(join(testFolder(), 'nightshift.db'));
    await daemon.leave('/v1/studies', study('a * b == c * d'), () => daemon.get('/healthz'));
    const next = await daemon.post('/v1/studies', study('a < 5 and b < 5 and c == 1 and d == 1'));
    expect(next.status).toBe(201);
    while (!daemon.stderr.includes('a client left before its answer')) await pause(10);
    expect(daemon.stderr).toContain('the client left before its space was built');
  });
});
