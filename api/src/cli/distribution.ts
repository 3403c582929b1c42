import type { PluginConfig } from '@metrics-dashboard/core';

/** What a distribution is made of: its version, its plugins, its UI. */
export interface Distribution {
  readonly version: string;
  /** The configuration's `plugins:` come after them. */
  readonly plugins: readonly PluginConfig[];
  /** The folder with the UI's files; undefined: there is none. */
  readonly uiFolder: string | undefined;
}

/** Where a command reads from and writes to. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether people read what is written to `err`. */
  readonly isInteractive: boolean;
  out(text: string): void;
  err(text: string): void;
}

/** The exit codes of every command. */
export const EXIT = { ok: 0, wrongInput: 1, usage: 2 } as const;

/** What a command leaves behind; 0 unless it says otherwise. */
export interface Outcome {
  code: number;
}
