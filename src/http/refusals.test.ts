import { METHODS, request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Desktop, desktop } from './desk.fixture.ts';

const headers = { host: '127.0.0.1:7070', 'content-type': 'application/json' };
const refusal = { error: { code: expect.any(String), message: expect.stringMatching(/\S/) } };

const nested = (depth: number): string => `${'{"a":['.repeat(depth / 2)}1${']}'.repeat(depth / 2)}`;

describe('every refusal has the documented body', () => {
  it.each([
    ['an unknown page', 'GET', '/nothing', undefined, 404],
    ['an unsupported method', 'DELETE', '/v1/studies', undefined, 405],
    ['an unsupported method with an invalid body', 'PUT', '/v1/plans', '{', 405],
    ['a page without a name', 'GET', '/dashboard/data/studies/', undefined, 400],
    ['a study without a name', 'GET', '/v1/studies/', undefined, 400],
    ['a malformed address', 'GET', '/v1/studies/%zz', undefined, 400],
    ['an address cut in a character', 'GET', '/v1/plans/%E0%A4%A', undefined, 400],
    ['JSON that is none', 'POST', '/v1/plans', '{', 400],
    ['a body that pollutes prototypes', 'POST', '/v1/plans', '{"__proto__": {"a": 1}}', 400],
    ['JSON nested too deeply', 'POST', '/v1/studies', `{"space": ${nested(3000)}}`, 400],
    ['JSON nested without end', 'POST', '/v1/plans', '['.repeat(1 << 20), 400],
    ['a plan nested too deeply', 'POST', '/v1/plans', `{"plan": ${nested(3000)}}`, 400],
    ['a body too large', 'POST', '/v1/plans', `"${'x'.repeat(5 << 20)}"`, 413],
  ] as const)('%s', async (_, method, url, payload, status) => {
    const { server } = await desktop();
    const answer = await server.inject({ method, url, headers, ...(payload && { payload }) });
    expect([answer.statusCode, answer.json()]).toEqual([status, refusal]);
  });

  it('a nesting that is too deep, with the limit', async () => {
    const { server } = await desktop();
    const payload = `{"space": ${nested(3000)}}`;
    const answer = await server.inject({ method: 'POST', url: '/v1/studies', headers, payload });
    expect(answer.json().error.message).toMatch(/^body: is nested more than 200 deep/);
  });

  it('reports a missing body', async () => {
    const { ask } = await desktop();
    const { body } = await ask('POST', '/v1/plans');
    expect(body).toEqual({ error: { code: 'bad-input', message: 'body: is missing' } });
  });

  it('a kernel’s IR nested too deeply, inside a text', async () => {
    const { ask } = await desktop();
    const kernels = [{ name: 'deep', ir: nested(3000), source: 'mine' }];
    expect(await ask('POST', '/v1/kernels', { kernels })).toEqual({ status: 400, body: refusal });
  });

  it.each(['a/b', 'a\\b', 'mine.ttir'])(
    'the name %s of a kernel, which would be taken for a path',
    async (name) => {
      const { ask } = await desktop();
      const said = `'${name}' would be taken for a path: choose a name without / and \\ that does not end in .ttir`;
      const error = { code: 'bad-input', message: expect.stringContaining(said) };
      const kernels = [{ name, ir: '{}', source: 'mine' }];
      expect(await ask('POST', '/v1/kernels', { kernels })).toEqual({ status: 400, body: { error } });
      const space = { parameters: [{ name: 'tile', values: [1, 2] }] };
      const study = { kernel: { name }, target: { name: 'board' }, space };
      expect(await ask('POST', '/v1/studies', study)).toEqual({ status: 400, body: { error } });
    },
  );

  it('a body in another language', async () => {
    const { server } = await desktop();
    const answer = await server.inject({
      method: 'POST',
      url: '/v1/plans',
      headers: { ...headers, 'content-type': 'text/yaml' },
      payload: 'studies: []',
    });
    expect([answer.statusCode, answer.json()]).toEqual([415, refusal]);
  });

  it.each([
    ['invalid HTTP', 'hello\r\n\r\n', 400],
    ['an invalid header', 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:7070\r\nbad header\r\n\r\n', 400],
    ['no Host', 'GET /v1/studies HTTP/1.1\r\n\r\n', 403],
    ['two lengths', 'POST /v1/plans HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    ['too long an address', `GET /v1/plans/${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`, 431],
  ])('%s', async (_, text, status) => {
    const { head, body } = await sent(await listening(await desktop()), text);
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(body)).toEqual(refusal);
  });
});

describe('an unsupported method of an address', () => {
  it.each([
    ['DELETE', '/v1/studies', 'GET, HEAD, POST'],
    ['GET', '/v1/pause', 'POST'],
    ['HEAD', '/v1/studies/x/tell', 'POST'],
    ['POST', '/v1/events', 'GET, HEAD'],
    ['PUT', '/dashboard/data/store', 'GET, HEAD'],
    ['PATCH', '/', 'GET, HEAD'],
    ['OPTIONS', '/healthz', 'GET, HEAD'],
  ] as const)('%s %s', async (method, url, allow) => {
    const { server } = await desktop();
    const { statusCode, headers: given, body } = await server.inject({ method, url, headers });
    expect([statusCode, given.allow]).toEqual([405, allow]);
    if (method !== 'HEAD') expect(JSON.parse(body)).toEqual(refusal);
  });
});

describe('a method that no address answers', () => {
  it.each(METHODS.filter((method) => !['CONNECT', 'GET', 'HEAD', 'POST'].includes(method)))(
    '%s',
    async (method) => {
      const port = await listening(await desktop());
      const text = `${method} /v1/studies HTTP/1.1\r\nHost: 127.0.0.1:7070\r\nContent-Length: 1\r\n\r\n{`;
      const { head, body } = await sent(port, text);
      expect(head).toMatch(/^HTTP\/1.1 405 .*\r\nallow: GET, HEAD, POST\r\n/is);
      expect(JSON.parse(body)).toEqual(refusal);
    },
  );
});

describe('requests that must not be refused', () => {
  it('pages of kernels with long names', async () => {
    const { server } = await desktop();
    const name = `triton_poi_fused_${'add_'.repeat(200)}`;
    const answer = await server.inject({ method: 'GET', url: `/dashboard/data/kernels/${name}`, headers });
    expect([answer.statusCode, answer.json().error]).toEqual([200, undefined]);
  });

  it('HEAD of the events, which ends', async () => {
    const port = await listening(await desktop());
    const status = await new Promise((resolve, reject) => {
      const where = { host: '127.0.0.1', port, path: '/v1/events', method: 'HEAD', headers };
      request(where, (answer) => answer.resume().on('end', () => resolve(answer.statusCode)))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });
});

async function listening({ server }: Desktop): Promise<number> {
  await server.listen({ host: '127.0.0.1', port: 0 });
  const address = server.server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Sends bytes and resolves to the complete answer. */
function sent(port: number, text: string): Promise<Readonly<{ head: string; body: string }>> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      received += chunk;
      const [head, body] = received.split('\r\n\r\n');
      const length = /content-length: (\d+)/i.exec(head)?.[1];
      if (body === undefined || body.length < Number(length)) return;
      socket.destroy();
      resolve({ head, body });
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`closed after: ${received}`)));
  });
}
