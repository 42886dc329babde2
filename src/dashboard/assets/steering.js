import { post } from './api.js';
import { make, messageOf } from './dom.js';
import { isUnderWay } from './status.js';
/** @import { ListedStudy } from '../served/data.js' */

/** @typedef {import('./status.js').Standing & Pick<ListedStudy, 'id'>} Steered */

/**
 * The actions that a study allows; none without a visit in progress.
 * @param {import('./status.js').Standing} study
 * @returns {readonly string[]}
 */
export function verbsFor(study) {
  if (study.state === 'paused') return ['resume', 'cancel'];
  return isUnderWay(study) ? ['pause', 'stop'] : [];
}

/**
 * A button for each action that the study allows; `done` is called after each action.
 * @param {Steered} study
 * @param {string} name
 * @param {() => void} done
 */
export function steering(study, name, done) {
  return verbsFor(study).map((verb) => {
    const button = make('button', { type: 'button', 'aria-label': `${verb} ${name}` }, verb);
    button.addEventListener('click', async () => {
      // Not `disabled`: that would take the focus away.
      if (button.getAttribute('aria-disabled') === 'true') return;
      button.setAttribute('aria-disabled', 'true');
      await post(`/v1/studies/${encodeURIComponent(study.id)}/${verb}`).catch((error) =>
        alert(messageOf(error)),
      );
      button.removeAttribute('aria-disabled');
      done();
    });
    return button;
  });
}
