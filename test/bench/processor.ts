import { readFileSync, readdirSync } from 'node:fs';

/** Time on a processor of all threads that a process has, in seconds; to the nanosecond: the first field of schedstat, one file a thread. */
export function cpuSeconds(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, task) => sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]), 0) / 1e9;
}
