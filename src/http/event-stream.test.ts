import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { EventHub } from '../daemon/event-hub.ts';
import { streamEvents } from './event-stream.ts';

it('a listener that reads nothing is disconnected, and uses no more memory than its backlog', async () => {
  const hub = new EventHub('life');
  let closed = false;
  const server = createServer((_, response) => {
    response.on('close', () => {
      closed = true;
    });
    streamEvents(hub, undefined, response);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'readable');
  socket.pause();
  const message = 'x'.repeat(64 << 10);
  // The operating system's buffers do not count, only the backlog in this process.
  for (let i = 0; i < 1000 && !closed; i++) {
    hub.tell({ kind: 'trouble', study: null, message });
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(closed).toBe(true);
  socket.destroy();
});
