import { describe, expect, it } from 'vitest';
import { testFolder } from '../daemon/daemon-process.ts';
import { freePort } from '../daemon/free-port.ts';
import { certificates, hasRedis, nightshiftProcess, startRedis } from './fleet-processes.fixture.ts';
import { fleet } from './fleet-under-test.fixture.ts';

describe.skipIf(!hasRedis)('a Redis with (needs redis-server)', { timeout: 120_000 }, () => {
  it('takes a password, from the environment too, and refuses without', async () => {
    const all = await fleet(['--requirepass', 'a-secret']);
    const asked = ['devices', '--fleet', all.url];
    const refused = nightshiftProcess(asked);
    expect(await refused.ended).toBe(2);
    expect(refused.said).not.toContain('a-secret');
    expect(refused.said).toMatch(/wants a password.*REDISCLI_AUTH/s);
    const wrong = nightshiftProcess(asked, { REDISCLI_AUTH: 'another' });
    expect(await wrong.ended).toBe(2);
    expect(wrong.said).toMatch(/the password is another one/);
    const allowed = nightshiftProcess(asked, { REDISCLI_AUTH: 'a-secret' });
    expect(await allowed.ended).toBe(0);
    const inAddress = nightshiftProcess(['devices', '--fleet', all.url.replace('//', '//:a-secret@')]);
    expect(await inAddress.ended).toBe(0);
  });

  it('takes TLS with a certificate of an authority that NODE_EXTRA_CA_CERTS names, and no other', async () => {
    const port = await freePort();
    const { authority, words } = certificates(testFolder());
    await startRedis(0, ['--tls-port', `${port}`, '--requirepass', 'a-secret', ...words]);
    const asked = ['devices', '--fleet', `rediss://localhost:${port}`];
    const env = { REDISCLI_AUTH: 'a-secret' };
    const [trusted, unknown] = [
      nightshiftProcess(asked, { ...env, NODE_EXTRA_CA_CERTS: authority }),
      nightshiftProcess(asked, env),
    ];
    expect(await trusted.ended).toBe(0);
    expect(await unknown.ended).toBe(2);
    expect(unknown.said).toMatch(/certificate.*NODE_EXTRA_CA_CERTS/s);
  });
});
