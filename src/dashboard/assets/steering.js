import { post } from './api.js';
import { make } from './dom.js';

const VERBS = { open: ['pause', 'stop'], paused: ['resume', 'cancel'], done: [], cancelled: [] };

/** Buttons for what can be done with a study; `done` is called after each. */
export function steering({ id, state }, name, done) {
  return VERBS[state].map((verb) =>
    make(
      'button',
      {
        type: 'button',
        'aria-label': `${verb} ${name}`,
        onclick: async ({ target }) => {
          target.disabled = true;
          await post(`/v1/studies/${encodeURIComponent(id)}/${verb}`).catch((error) => alert(error.message));
          done();
        },
      },
      verb,
    ),
  );
}
