/** Bytes at the start of a thread's scratch for the counters by which computing and copying wait for each other. */
export const HANDSHAKE_BYTES = 512;
