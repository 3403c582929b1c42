import { appendFile, mkdir } from 'node:fs/promises';
import { defineKind, definePlugin, points, schemaFrom } from '@metrics-dashboard/sdk';
import type { AppendReport, Host, Kind, Plugin, StorageBackend } from '@metrics-dashboard/sdk';

/** `storage: { backend: audit, inner: { package: …, kind: …, config: { … } } }` */
interface AuditConfig {
  readonly package: string;
  readonly kind: string;
  /** The inner kind's own. */
  readonly config: unknown;
}

/** Keeps samples in another backend, and a line in `audit.log` for each commit: how many were offered, kept and refused. */
const auditStorage = defineKind<AuditConfig, StorageBackend>({
  kind: 'audit',
  config: schemaFrom(readConfig),
  open: async (config, host) => {
    await mkdir(host.dataDir, { recursive: true });
    return audited(await openInner(config, host), host);
  },
});

export default definePlugin({
  id: 'storage-audit',
  sdk: '^0.1.0',
  activate: () => [points.storage.of(auditStorage)],
});

/** A stand-in for the inner backend that overrides two of its methods; all else, optional powers among it, is the inner one's own. */
function audited(inner: StorageBackend, host: Host): StorageBackend {
  const tally = { offered: 0, refused: 0 };
  const overrides: Pick<StorageBackend, 'append' | 'commit'> = {
    append(batch): AppendReport {
      const report = inner.append(batch);
      tally.offered += batch.count;
      tally.refused += report.verdicts.length;
      return report;
    },
    async commit() {
      const { offered, refused } = tally;
      tally.offered = tally.refused = 0;
      await inner.commit();
      if (offered === 0) return;
      const entry = { at: new Date(host.clock.now()).toISOString(), offered, kept: offered - refused, refused };
      await appendFile(`${host.dataDir}/audit.log`, `${JSON.stringify(entry)}\n`);
    },
  };
  return new Proxy(inner, {
    get(target, name) {
      if (name === 'append' || name === 'commit') return overrides[name];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Loads the plugin that has the inner kind, and opens it in a folder beside the log. */
async function openInner(config: AuditConfig, host: Host): Promise<StorageBackend> {
  const { default: plugin } = (await import(config.package)) as { default: Plugin<undefined> };
  const offered = await plugin.activate(host, undefined);
  const found = offered.find(({ point, name }) => point === 'storage' && name === config.kind);
  if (found === undefined) throw new Error(`${config.package} offers no storage ${JSON.stringify(config.kind)}`);
  const kind = found.value as Kind<unknown, StorageBackend>;
  const checked = await kind.config['~standard'].validate(config.config);
  if (checked.issues) throw new Error(`inner.config: ${checked.issues.map(({ message }) => message).join('; ')}`);
  return kind.open(checked.value, { ...host, dataDir: `${host.dataDir}/${config.kind}` });
}

function readConfig(value: unknown): AuditConfig {
  const { inner, ...rest } = Object(value) as { inner?: unknown } & Record<string, unknown>;
  const { package: name = '@metrics-dashboard/storage-tsdb', kind = 'tsdb', config = {} } = Object(inner ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || typeof kind !== 'string') throw new Error(`inner is ${JSON.stringify(inner)}, expected { package, kind, config }`);
  // Retention and its like, written beside `backend`, are meant for where the samples are kept.
  return { package: name, kind, config: { ...rest, ...(Object(config) as object) } };
}
