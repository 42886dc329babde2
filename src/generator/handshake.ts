/** Bytes at the start of a thread's scratch for what computing and copying threads tell each other. */
export const HANDSHAKE_BYTES = 512;
