/** What one tile costs its thread and the transfers. */
export type TileCost = Readonly<{
  loadBytes: number;
  loadDescriptors: number;
  storeBytes: number;
  storeDescriptors: number;
  computeUs: number;
}>;

/** `count` tiles of the same cost. */
export type TileClass = TileCost & Readonly<{ count: number }>;

/** How tiles travel. `usPerByte` is what a byte costs while that many users share the path. */
export type Transfers = Readonly<{
  kind: 'copy' | 'dma';
  usPerByte: (users: number) => number;
  /** Taken up by each descriptor before its bytes move; 0 for a copying core. */
  setupUs: number;
  queues: number;
  queueDepth: number;
  buffers: number;
  waitForWriteBack: boolean;
}>;
