// The door for tests of plugins and of the product.

export { ManualClock, settle } from './manual-clock.js';
export { silentLogger } from './silent-logger.js';
export { MemoryStorage, memoryStorage, memoryStorageKind } from './memory-storage.js';
export type { MemoryStorageOptions } from './memory-storage.js';
export { parseLabelSet, parseSeries } from './series-notation.js';
export type { NotedSeries } from './series-notation.js';
export { inlineWorkers, testHost } from './test-host.js';
export { openKind } from './open-kind.js';
export { Random } from './random.js';
export type { ContractTest } from './contract-test.js';
export { testStorage } from './storage-contract.js';
export type { MakeStorage, StorageTestOptions } from './storage-contract.js';
export { sampleNotification, testLocalNotifier, testNotifier } from './notifier-contract.js';
export type { NotifierBench } from './notifier-contract.js';
export { testParser } from './parser-contract.js';
export type { ParserExample, ParserExamples } from './parser-contract.js';
export { testAggregation } from './aggregation-contract.js';
export type { AggregationTestOptions } from './aggregation-contract.js';
export { testScraper } from './scraper-contract.js';
export type { ScraperBench, TargetBehaviour } from './scraper-contract.js';
export { testDiscovery } from './discovery-contract.js';
export type { DiscoveryBench } from './discovery-contract.js';
