// The door for tests of plugins and of the product.

export { ManualClock, settle } from './manual-clock.js';
export { silentLogger } from './silent-logger.js';
export { MemoryStorage, memoryStorage, memoryStorageKind } from './memory-storage.js';
export type { MemoryStorageOptions } from './memory-storage.js';
export { parseLabelSet, parseSeries } from './series-notation.js';
export type { NotedSeries } from './series-notation.js';
export { inlineWorkers, testHost } from './test-host.js';
export { Random } from './random.js';
export type { ContractTest } from './contract-test.js';
export { testStorage } from './storage-contract.js';
export type { MakeStorage, StorageTestOptions } from './storage-contract.js';
