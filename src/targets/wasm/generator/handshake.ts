/** Words at the start of a thread's scratch with which computing and copying wait for each other. */
export const HANDSHAKE_BYTES = 512;
