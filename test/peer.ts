import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/** Other people's programs that some tests use, by the command that starts them. */
export type Peer = 'prometheus' | 'promtool' | 'amtool' | 'prometheus-node-exporter' | 'victoria-metrics' | 'chromium';

/** Whether a peer is installed. Where `METRICS_DASHBOARD_REQUIRE_PEERS` is set, as in CI, a missing one is an error. */
export function hasPeer(peer: Peer): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${peer}`], { stdio: 'ignore' });
    return true;
  } catch {
    if (process.env['METRICS_DASHBOARD_REQUIRE_PEERS']) throw new Error(`${peer} is not installed, and this run must have it`);
    console.warn(`${peer} is not installed: the tests that need it are skipped`);
    return false;
  }
}

/** A peer that runs until `stop`. */
export interface RunningPeer {
  readonly pid: number;
  /** What it printed, the last of it. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts a peer and waits until `ready` holds. */
export async function startPeer(peer: Peer, args: readonly string[], ready: () => Promise<boolean>, seconds = 30): Promise<RunningPeer> {
  const child = spawn(peer, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (data: Buffer): void => void (output = (output + data.toString()).slice(-20_000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const peerProcess: RunningPeer = { pid: child.pid ?? 0, output: () => output, stop: () => end(child, 'SIGTERM') };
  try {
    await eventually(ready, `${peer} is ready`, seconds);
  } catch (error) {
    await peerProcess.stop();
    throw new Error(`${String(error)}; it printed:\n${output}`, { cause: error });
  }
  return peerProcess;
}

/** Ends a process and waits until it has ended; after ten seconds the hard way. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  const hard = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(hard);
}

/** Waits until a claim holds; an exception counts as «not yet», and is the error's cause when time runs out. */
export async function eventually(claim: () => Promise<boolean> | boolean, what: string, seconds = 30): Promise<void> {
  const until = Date.now() + seconds * 1000;
  let cause: unknown;
  for (;;) {
    try {
      if (await claim()) return;
    } catch (error) {
      cause = error;
    }
    if (Date.now() > until) throw new Error(`waited ${seconds} s in vain: ${what}`, { cause });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
