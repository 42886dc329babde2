import type { ServerResponse } from 'node:http';
import type { EventHub, Numbered } from '../daemon/event-hub.ts';

/** A listener that reads too slowly is disconnected; it reconnects with the last id it saw. Bytes. */
const MOST_BUFFERED = 1 << 20;
const HEARTBEAT_MS = 15_000;

/**
 * Server-sent events. Continues after `lastId` if the events since are still kept; otherwise the first
 * event is `reset`: the listener missed events and must read the current state.
 */
export function streamEvents(hub: EventHub, lastId: string | undefined, response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    connection: 'keep-alive',
    'x-accel-buffering': 'no',
  });
  const missed = lastId === undefined ? [] : hub.since(lastId);
  response.write('retry: 1000\n\n');
  if (missed === undefined) response.write('event: reset\ndata: {}\n\n');
  else for (const event of missed) response.write(frame(event));
  const stop = hub.listen((event) => {
    response.write(frame(event));
    if (response.writableLength > MOST_BUFFERED) response.destroy();
  });
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
  response.on('close', () => {
    stop();
    clearInterval(heartbeat);
  });
}

function frame({ id, event }: Numbered): string {
  return `id: ${id}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;
}
