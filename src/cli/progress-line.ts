import { clip } from '../report/terminal/width.ts';
import { paceOf } from './pace.ts';
import type { Session } from './session.ts';

/** Says what a command is doing while it works: one line on stderr, redrawn on a terminal; plain lines in a pipe. */
export type ProgressLine = Readonly<{
  /** Says that something else begins: at once, and once. */
  begin(words: string): void;
  /** Says how far it is: as often as people read it, and in a pipe only what takes some time. */
  tell(words: string): void;
  /** Clears the line. */
  end(): void;
}>;

/** Quiet, it says nothing. */
export function progressLine(session: Session, quiet: boolean): ProgressLine {
  const { isTerminal, room } = session.err;
  const pace = paceOf(session, isTerminal ? 0 : undefined);
  let begun: string | undefined;
  let isDrawn = false;
  let last: string | undefined;
  const draw = (words: string): void => {
    if (isTerminal) session.sayOver(clip(words, room - 1));
    else session.say(words);
    isDrawn = isTerminal;
  };
  return {
    begin(words) {
      if (quiet || (words === begun && (isDrawn || !isTerminal))) return;
      begun = words;
      draw(words);
    },
    tell(words) {
      // A pipe would fill with what says nothing new.
      if (quiet || (!isTerminal && words === last) || !pace.isDue()) return;
      last = words;
      draw(words);
    },
    end() {
      if (isDrawn) session.sayOver('');
      isDrawn = false;
    },
  };
}
