import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { notify } from './notify.ts';

async function complaintsOf(onFinish: readonly string[] | undefined, url: URL | undefined): Promise<number> {
  let complaints = 0;
  const log = { info: () => {}, warn: () => {}, error: () => complaints++ };
  await notify({ onFinish, url }, { plan: 'p' }, log);
  return complaints;
}

it('is logged once for each command and address that fails', async () => {
  const server = createServer((_, response) => response.writeHead(500).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = new URL(`http://127.0.0.1:${port}/`);
  const node = process.execPath;
  expect(await complaintsOf(undefined, undefined)).toBe(0);
  expect(await complaintsOf(['/no/such/command'], url)).toBe(2);
  expect(await complaintsOf([node, '-e', 'process.exit(3)'], undefined)).toBe(1);
  expect(await complaintsOf([node, '-e', ''], undefined)).toBe(0);
  server.close();
});
