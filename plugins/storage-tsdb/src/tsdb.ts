import fs from 'node:fs';
import path from 'node:path';
import { NO_TIME, StorageError, seriesRef } from '@metrics-dashboard/sdk';
import type {
  AppendReport,
  Duration,
  Flushable,
  HeadStatistics,
  Host,
  IndexStatistics,
  Labels,
  Matcher,
  SampleBatch,
  SeriesDeletion,
  WholeAppend,
  SeriesIndex,
  SeriesRef,
  Snapshots,
  StorageBackend,
  StorageStats,
  StorageView,
  TimeRange,
} from '@metrics-dashboard/sdk';
import { BlockStore } from './block-store.js';
import { CommitQueue } from './commit-queue.js';
import type { TsdbConfig } from './config.js';
import type { Disk } from './disk.js';
import { realDisk } from './disk.js';
import { FORMAT_FILE, checkFormat } from './format-version.js';
import { HeadAppender } from './head-append.js';
import { replayHead } from './head-replay.js';
import { headStatistics } from './head-statistics.js';
import { Head } from './head.js';
import { Maintenance } from './maintenance.js';
import { select } from './postings.js';
import { floorFiles } from './rollup-floor.js';
import { Rollups } from './rollups.js';
import { takeSnapshot } from './snapshot.js';
import type { SnapshotParts } from './snapshot.js';
import { tsdbGauges, tsdbMetrics } from './tsdb-metrics.js';
import type { TsdbGauges, TsdbMetrics } from './tsdb-metrics.js';
import { HeadSource } from './view-source.js';
import { TsdbView } from './view.js';
import { readCheckpoints } from './wal-checkpoint.js';
import { Wal } from './wal.js';

/**
 * Opens the database in the host's data folder: checks the format, opens the blocks, replays the log, and starts the
 * background work. `disk` stands in for the real one in tests.
 */
export async function openTsdb(config: TsdbConfig, host: Host, disk: Disk = realDisk): Promise<Tsdb> {
  const walFolder = path.join(host.dataDir, 'wal');
  makeFolder(host.dataDir);
  await checkFormat(host.dataDir, disk);
  makeFolder(walFolder);
  const metrics = tsdbMetrics(host.metrics);
  const blocks = await BlockStore.open(path.join(host.dataDir, 'blocks'), 0, { log: host.log, disk, metrics });
  const rollups = await Rollups.open(path.join(host.dataDir, 'rollups'), config, { host, disk, metrics });
  // Were a number used again, the new block would pass for one that is in the windows already.
  blocks.skipIds(rollups.lastSeal);
  const head = new Head();
  const wal = await replay(walFolder, head, host, disk, metrics);
  return new Tsdb({ config, host, disk, metrics, blocks, rollups, head, wal, walFolder });
}

const recalled = new Float64Array(1);

interface Parts {
  readonly config: TsdbConfig;
  readonly host: Host;
  readonly disk: Disk;
  readonly metrics: TsdbMetrics;
  readonly blocks: BlockStore;
  readonly rollups: Rollups;
  readonly head: Head;
  readonly wal: Wal;
  readonly walFolder: string;
}

/** The backend: owns head, log and blocks, and says what happens when. */
export class Tsdb implements StorageBackend, WholeAppend, Flushable, IndexStatistics, SeriesDeletion, Snapshots {
  readonly index: SeriesIndex;
  readonly #head: Head;
  readonly #appender: HeadAppender;
  readonly #commits: CommitQueue;
  readonly #wal: Wal;
  readonly #blocks: BlockStore;
  readonly #rollups: Rollups;
  readonly #gauges: TsdbGauges;
  readonly #window: Duration;
  readonly #maintenance: Maintenance;
  readonly #snapshotParts: SnapshotParts;
  readonly #listeners: ((refs: Uint32Array) => void)[] = [];
  #closing: Promise<void> | undefined;

  constructor(parts: Parts) {
    const { config, host, head, wal, blocks, rollups, metrics, disk, walFolder } = parts;
    this.#head = head;
    this.#wal = wal;
    this.#blocks = blocks;
    this.#rollups = rollups;
    this.#gauges = tsdbGauges(host.metrics);
    this.#window = config.outOfOrderWindow;
    this.#appender = new HeadAppender(head, config.outOfOrderWindow, (ref, time, into) => {
      const labels = head.index.labels(ref);
      return labels !== undefined && blocks.valueAt(labels, time, into);
    });
    for (const ref of head.index.all()) this.#refresh(ref);
    this.#commits = new CommitQueue({
      head,
      appender: this.#appender,
      wal,
      elapsed: () => host.clock.elapsed(),
      syncTook: (seconds) => metrics.fsyncSeconds.observe(seconds),
      failed: (error) => {
        metrics.commitFailures.inc();
        host.log.error('a commit could not be made durable, its senders are told to try again', { error });
      },
    });
    this.index = {
      find: (labels) => this.#find(labels),
      create: (labels) => this.#create(labels),
      labels: (ref) => head.index.labels(ref),
      activeByMetric: () => head.index.byMetric(),
      onRemoved: (listener) => this.#listeners.push(listener),
    };
    this.#maintenance = new Maintenance({
      head,
      blocks,
      rollups,
      wal,
      walFolder,
      disk,
      commits: this.#commits,
      appender: this.#appender,
      retention: config.retention,
      retentionSize: config.retentionSize,
      host,
      metrics,
      changed: () => this.#report(),
      removed: (refs) => {
        for (const listener of this.#listeners) listener(refs);
      },
    });
    this.#snapshotParts = {
      dataDir: host.dataDir,
      walFolder,
      stores: [blocks, ...rollups.levels.map(({ store }) => store)],
      files: [path.join(host.dataDir, FORMAT_FILE), ...floorFiles(rollups.floorFile)],
      commits: this.#commits,
      disk,
    };
    this.#report();
    this.#maintenance.start();
  }

  append(batch: SampleBatch): AppendReport {
    this.#checkOpen();
    return this.#appender.append(batch);
  }

  appendWhole(batch: SampleBatch): AppendReport {
    this.#checkOpen();
    return this.#appender.appendWhole(batch);
  }

  async commit(): Promise<void> {
    this.#checkOpen();
    await this.#commits.commit();
    this.#report();
  }

  view(range: TimeRange): StorageView {
    this.#checkOpen();
    const blocks = this.#blocks;
    const samples = [...blocks.sources(range), new HeadSource(this.#head)];
    return new TsdbView(range, [...samples, ...this.#rollups.sources(range)], this.#rollups.describe(range, blocks));
  }

  async flush(signal: AbortSignal): Promise<void> {
    this.#checkOpen();
    await this.#commits.commit();
    await this.#maintenance.flush(signal);
    this.#report();
  }

  async deleteSeries(matchers: readonly Matcher[], range: TimeRange, signal: AbortSignal): Promise<void> {
    this.#checkOpen();
    await this.#commits.commit();
    await this.#maintenance.delete(matchers, range, signal);
    this.#forget(matchers, range);
    this.#report();
  }

  async cleanTombstones(signal: AbortSignal): Promise<void> {
    this.#checkOpen();
    await this.#maintenance.cleanTombstones(signal);
    this.#report();
  }

  async snapshot(folder: string, { withHead }: { readonly withHead: boolean }, signal: AbortSignal): Promise<void> {
    this.#checkOpen();
    await this.#maintenance.undisturbed(() => takeSnapshot(this.#snapshotParts, folder, { withHead, signal }));
  }

  statistics(limit: number): HeadStatistics {
    return headStatistics(this.#head.index, limit);
  }

  stats(): StorageStats {
    const head = this.#head;
    return {
      headSeries: head.index.size,
      headSamples: head.samples,
      headRange: head.samples === 0 ? NO_TIME : { start: head.minTime, end: head.maxTime },
      blocks: this.#blocks.count,
      diskBytes: this.#diskBytes,
      details: {
        walBytes: this.#wal.bytes,
        walSegments: this.#wal.segments,
        blockBytes: this.#blocks.bytes,
        blockSamples: this.#blocks.samples,
        rollupBlocks: this.#rollups.count,
        rollupBytes: this.#rollups.bytes,
        headChunks: head.chunks.size,
        headBytes: head.bytes,
        timelines: head.timelines.count,
        labelPairs: head.index.labelPairs,
        symbols: head.index.symbols,
      },
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#maintenance.stop();
    await this.#commits.idle();
    this.#wal.close();
    await this.#blocks.close();
    await this.#rollups.close();
  }

  get #diskBytes(): number {
    return this.#blocks.bytes + this.#rollups.bytes + this.#wal.bytes;
  }

  /** Sets the gauges: another thread may print them, so they can't be computed when they are asked for. */
  #report(): void {
    this.#gauges.headSeries.set(this.#head.index.size);
    this.#gauges.headSamples.set(this.#head.samples);
    this.#gauges.diskBytes.set(this.#diskBytes);
    this.#gauges.blocks.set(this.#blocks.count + this.#rollups.count);
  }

  #find(labels: Labels): SeriesRef | undefined {
    const ref = this.#head.index.find(labels);
    return ref === undefined ? undefined : seriesRef(ref);
  }

  #create(labels: Labels): SeriesRef {
    this.#checkOpen();
    const next = this.#head.index.nextRef;
    const ref = this.#head.index.create(labels);
    if (ref === next) {
      this.#head.reserve();
      this.#recall(ref, labels);
      this.#refresh(ref);
      this.#commits.created(ref);
    }
    return seriesRef(ref);
  }

  /** A series that is new to the head may have samples in blocks by which the next ones have to be judged. */
  #recall(ref: number, labels: Labels): void {
    const slot = this.#head.index.slotOf(ref);
    const newest = Math.max(this.#head.maxTime, this.#blocks.maxTime);
    const known = this.#blocks.newestOf(labels, newest - this.#window, recalled);
    if (slot === undefined || known === undefined) return;
    this.#head.lastTime[slot] = known;
    this.#head.lastValue.set(recalled, slot);
  }

  /** What was deleted is not what the next samples of its series are judged by. */
  #forget(matchers: readonly Matcher[], range: TimeRange): void {
    const head = this.#head;
    for (const ref of Uint32Array.from(select(head.index, matchers))) {
      const slot = head.index.slotOf(ref);
      const labels = head.index.labels(ref);
      if (slot === undefined || labels === undefined || !head.isEmpty(slot) || this.#appender.isWaiting(slot)) continue;
      const last = head.lastTime[slot] as number;
      if (last < range.start || last > range.end) continue;
      head.lastTime[slot] = -Infinity;
      this.#recall(ref, labels);
      this.#refresh(ref);
    }
  }

  #refresh(ref: number): void {
    const slot = this.#head.index.slotOf(ref);
    if (slot !== undefined) this.#appender.refresh(slot);
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new StorageError('the storage is closed');
  }
}

function makeFolder(folder: string): void {
  try {
    fs.mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new StorageError(`make the folder ${JSON.stringify(folder)}`, { file: folder, cause });
  }
}

/** Fills the head from the log and answers a log that goes on after it. */
async function replay(folder: string, head: Head, host: Host, disk: Disk, metrics: TsdbMetrics): Promise<Wal> {
  const began = host.clock.elapsed();
  const report = await replayHead(folder, head, host.log);
  metrics.replayedSamples.inc(report.samples);
  metrics.replayLostBytes.inc(report.damagedBytes);
  if (report.segments.length > 0) {
    host.log.info('write-ahead log replayed', {
      segments: report.segments.length,
      samples: report.samples,
      series: head.index.size,
      seconds: Math.round(host.clock.elapsed() - began) / 1000,
    });
  }
  const used = readCheckpoints(folder).reduce((most, { segment }) => Math.max(most, segment - 1), 0);
  return new Wal(folder, disk, report.segments, used);
}
