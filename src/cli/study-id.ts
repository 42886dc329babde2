/** What a study's id, or the start of one, looks like. A word of this form is never a file: `./beef` is one. */
export const STUDY_ID = /^[0-9a-f]+$/;
