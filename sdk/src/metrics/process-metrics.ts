import { readFileSync, readdirSync } from 'node:fs';
import { Counter } from './counter.js';
import type { DefaultMetricsPlace } from './default-place.js';
import { Gauge } from './gauge.js';

/** Of the process as the operating system sees it. What it does not tell is left out. */
export function declareProcessMetrics(place: DefaultMetricsPlace): void {
  const { registers, prefix, labels } = place;
  const labelNames = Object.keys(labels);
  const gauge = (name: string, help: string, read: () => number | undefined): void => {
    if (read() === undefined) return;
    const own: Gauge = new Gauge({ name: prefix + name, help, labelNames, registers, collect: () => own.set(labels, read() ?? NaN) });
  };
  declareCpu(place);
  const started = performance.timeOrigin / 1000;
  gauge('process_start_time_seconds', 'When the process started, in seconds since the epoch.', () => started);
  gauge('process_resident_memory_bytes', 'Resident memory, in bytes.', () => process.memoryUsage.rss());
  gauge('process_virtual_memory_bytes', 'Virtual memory, in bytes.', () => sizeOf('VmSize'));
  gauge('process_heap_bytes', 'Size of the data segment, in bytes.', () => sizeOf('VmData'));
  gauge('process_open_fds', 'Open file descriptors.', openFiles);
  const most = mostFiles();
  gauge('process_max_fds', 'The most file descriptors that may be open.', () => most);
}

function declareCpu({ registers, prefix, labels }: DefaultMetricsPlace): void {
  const labelNames = Object.keys(labels);
  const counter = (name: string, help: string, read: () => number): void => {
    let counted = 0;
    const own: Counter = new Counter({
      name: prefix + name,
      help,
      labelNames,
      registers,
      collect: () => {
        const seconds = read() / 1e6;
        own.inc(labels, Math.max(0, seconds - counted));
        counted = Math.max(counted, seconds);
      },
    });
  };
  counter('process_cpu_user_seconds_total', 'Processor time spent in the program, in seconds.', () => process.cpuUsage().user);
  counter('process_cpu_system_seconds_total', 'Processor time spent in the system, in seconds.', () => process.cpuUsage().system);
  counter('process_cpu_seconds_total', 'Processor time of all threads, user and system, in seconds.', () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  });
}

/** Linux alone says. */
function sizeOf(field: string): number | undefined {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(read('/proc/self/status'))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

function mostFiles(): number | undefined {
  const most = /^Max open files\s+(\d+)/m.exec(read('/proc/self/limits'))?.[1];
  return most === undefined ? undefined : Number(most);
}

function openFiles(): number | undefined {
  try {
    // One of them is the folder that is being read.
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    return undefined;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
