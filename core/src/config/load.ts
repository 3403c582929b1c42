import { ConfigError } from '@metrics-dashboard/sdk';
import { mergeErrors } from '../plugin/config-place.js';
import type { AuthConfig, Config } from './config.js';
import { EMPTY_DOCUMENT, readDocument } from './document.js';
import type { ConfigDocument } from './document.js';
import type { Environment } from './environment.js';
import { ignoredKeys, warnIgnored } from './ignored.js';
import { NOT_ACTED_ON_KEYS, assertPrometheusKeys } from './prometheus.js';
import { readScrapeFiles, scrapeConfigsOf } from './scrape-files.js';
import { Section, keys } from './section.js';
import { readAuth } from './sections/auth.js';
import { readGlobal } from './sections/global.js';
import { readLimits } from './sections/limits.js';
import { readOtlp } from './sections/otlp.js';
import { readPlugins } from './sections/plugins.js';
import { readReceivers } from './sections/receivers.js';
import { readScrapeConfigs } from './sections/scrape.js';
import { readStorage } from './sections/storage.js';
import { flag, withDefault } from './values.js';

export interface LoadConfigOptions {
  /** undefined: no file; the defaults. */
  readonly file: string | undefined;
  /** For `${NAME}` in the file. */
  readonly environment: Environment;
  /** The role of who has not logged in, where `auth:` does not say. */
  readonly anonymousDefault: AuthConfig['anonymous'];
}

const ACTED_ON = ['global', 'scrape_configs', 'scrape_config_files', 'storage', 'limits', 'otlp', 'auth', 'receivers', 'plugins'] as const;

const root = keys({
  self_scrape: withDefault(flag, true),
  ...ignoredKeys(ACTED_ON),
  ...ignoredKeys(NOT_ACTED_ON_KEYS),
});

/** Reads and checks the configuration. Throws one `ConfigError` that tells every mistake, each with file, path, line and column. */
export async function loadConfig(options: LoadConfigOptions): Promise<Config> {
  const document = options.file === undefined ? EMPTY_DOCUMENT : await readDocument(options.file, options.environment);
  return readConfig(document, options.anonymousDefault, await readScrapeFiles(document, options.environment));
}

/** The same, of documents that have been read: the configuration, and those that its `scrape_config_files` names. */
export function readConfig(
  document: ConfigDocument,
  anonymousDefault: AuthConfig['anonymous'],
  scrapeFiles: readonly ConfigDocument[] = [],
): Config {
  const warnings: string[] = [];
  const whole = new Section(document, [], document.value, warnings);
  const errors: ConfigError[] = [];
  const attempt = <Result>(read: () => Result): Result | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      errors.push(error);
      return undefined;
    }
  };

  const top = attempt(() => whole.read(root));
  attempt(() => assertPrometheusKeys(whole));
  const global = attempt(() => readGlobal(whole.inner('global')));
  const scrapeConfigs =
    global &&
    attempt(() => {
      const ofFiles = scrapeFiles.map((file) => scrapeConfigsOf(file, warnings));
      return readScrapeConfigs([whole.inner('scrape_configs'), ...ofFiles], global);
    });
  const storage = attempt(() => readStorage(whole.inner('storage')));
  const limits = attempt(() => readLimits(whole.inner('limits')));
  const otlp = attempt(() => readOtlp(whole.inner('otlp')));
  const auth = attempt(() => readAuth(whole.inner('auth'), anonymousDefault));
  const receivers = attempt(() => readReceivers(whole.inner('receivers')));
  const plugins = attempt(() => readPlugins(whole.inner('plugins')));
  warnIgnored(whole, NOT_ACTED_ON_KEYS);
  if (errors.length > 0 || !top || !global || !scrapeConfigs || !storage || !limits || !otlp || !receivers || !plugins) throw mergeErrors(errors);
  return Object.freeze({
    file: document.file,
    global,
    scrapeConfigs,
    storage,
    limits,
    otlp,
    auth,
    receivers,
    plugins,
    selfScrape: top.self_scrape,
    warnings,
  });
}
