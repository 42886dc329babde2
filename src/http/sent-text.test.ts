import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { desktop } from './desk.fixture.ts';

const host = '127.0.0.1:7070';

it('compresses what is long where the client takes that, and sends nothing twice', async () => {
  const { server } = await desktop();
  const get = (url: string, headers: Readonly<Record<string, string>> = {}) =>
    server.inject({ method: 'GET', url, headers: { host, ...headers } });
  for (const url of ['/dashboard/style.css', '/openapi.json']) {
    const plain = await get(url);
    expect(plain.headers['content-encoding']).toBeUndefined();
    const zipped = await get(url, { 'accept-encoding': 'br, gzip;q=0.8' });
    expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    expect(gunzipSync(zipped.rawPayload).equals(plain.rawPayload)).toBe(true);
    expect(zipped.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
    const refused = await get(url, { 'accept-encoding': 'gzip;q=0' });
    expect(refused.rawPayload.equals(plain.rawPayload)).toBe(true);
    const again = await get(url, { 'if-none-match': String(plain.headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  }
  const short = await get('/healthz', { 'accept-encoding': 'gzip' });
  expect(short.headers['content-encoding']).toBeUndefined();
  expect(short.json()).toMatchObject({ status: 'ok' });
});

it('has another tag for other content', async () => {
  const { server } = await desktop();
  const tags = ['/dashboard/data/store', '/dashboard/data/listed'].map(async (url) => {
    const answer = await server.inject({ method: 'GET', url, headers: { host } });
    return answer.headers.etag;
  });
  expect(new Set(await Promise.all(tags)).size).toBe(2);
});
