import { describe, it } from 'vitest';
import { memoryStorage } from './memory-storage.js';
import { testStorage } from './storage-contract.js';

describe('memory storage', () => {
  for (const { name, run } of testStorage((options) => memoryStorage(options))) it(name, run);
});
