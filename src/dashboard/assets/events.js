import { askForToken, headers } from './api.js';

/** @import { PageEvent } from '../served/data.js' */

const WAIT_MS = 1000;

/**
 * Follows the daemon's events for ever: reconnects after a broken connection and continues after the last
 * event. Calls `tell` with each event, and with { kind: 'reset' } if some may have been missed; calls `say`
 * with whether the daemon answers. (EventSource cannot send a token, so this uses fetch.)
 * @param {(event: PageEvent) => void} tell
 * @param {(isLive: boolean) => void} say
 */
export async function follow(tell, say) {
  /** @type {string | undefined} */
  let last;
  for (;;) {
    try {
      const response = await fetch('/v1/events', {
        headers: { ...headers(), ...(last && { 'last-event-id': last }) },
        cache: 'no-store',
      });
      if (response.status === 401) await askForToken();
      else if (response.ok && response.body !== null) {
        say(true);
        for await (const event of eventsOf(response.body)) {
          last = event.id ?? last;
          tell(event.data);
        }
      }
    } catch {
      // The daemon does not answer: reported and retried below.
    }
    say(false);
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}

/**
 * @param {ReadableStream<BufferSource>} body
 * @returns {AsyncGenerator<Readonly<{ id: string | undefined, data: PageEvent }>>}
 */
async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const fields = Object.fromEntries(frame.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)));
      if (fields.data !== undefined)
        yield { id: fields.id, data: fields.event === 'reset' ? { kind: 'reset' } : JSON.parse(fields.data) };
    }
  }
}
