import { askForToken, headers } from './api.js';

const WAIT_MS = 1000;

/**
 * Follows the daemon's events for ever: reconnects after a broken connection and continues after the last
 * event. Calls `tell` with each event, and with { kind: 'reset' } if some may have been missed; calls `say`
 * with whether the daemon answers. (EventSource cannot send a token, so this uses fetch.)
 */
export async function follow(tell, say) {
  let last;
  for (;;) {
    try {
      const response = await fetch('/v1/events', {
        headers: { ...headers(), ...(last && { 'last-event-id': last }) },
        cache: 'no-store',
      });
      if (response.status === 401) await askForToken();
      else if (response.ok) {
        say(true);
        for await (const event of eventsOf(response.body)) {
          last = event.id ?? last;
          tell(event.kind === 'reset' ? { kind: 'reset' } : event.data);
        }
      }
    } catch {
      // The daemon does not answer: reported and retried below.
    }
    say(false);
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}

async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const frames = text.split('\n\n');
    text = frames.pop();
    for (const frame of frames) {
      const fields = Object.fromEntries(frame.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)));
      if (fields.data !== undefined)
        yield { id: fields.id, kind: fields.event, data: JSON.parse(fields.data) };
    }
  }
}
