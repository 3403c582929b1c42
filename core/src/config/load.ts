import { ConfigError } from '@metrics-dashboard/sdk';
import { mergeErrors } from '../plugin/config-place.js';
import { NO_ALERTING_FILES, readAlertingFiles } from './alerting-files.js';
import type { AlertingFiles } from './alerting-files.js';
import type { AuthConfig, Config } from './config.js';
import { EMPTY_DOCUMENT, readDocument } from './document.js';
import type { ConfigDocument } from './document.js';
import type { Environment } from './environment.js';
import { ignoredKeys, warnIgnored } from './ignored.js';
import { NOT_ACTED_ON_KEYS, assertPrometheusKeys } from './prometheus.js';
import { readRuleFiles } from './rule-files.js';
import type { RuleFile } from './rule-files.js';
import { readScrapeFiles, scrapeConfigsOf } from './scrape-files.js';
import { Section, keys } from './section.js';
import { ALERTMANAGER_KEYS, readAlerting } from './sections/alerting.js';
import { readAlertingSection } from './sections/alertmanagers.js';
import { readAuth } from './sections/auth.js';
import { readDashboards } from './sections/dashboards.js';
import { readGlobal } from './sections/global.js';
import { readLimits } from './sections/limits.js';
import { readOtlp } from './sections/otlp.js';
import { readPlugins } from './sections/plugins.js';
import { readRules } from './sections/rules.js';
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

const ACTED_ON = ['global', 'scrape_configs', 'scrape_config_files', 'rule_files', 'storage', 'limits', 'otlp', 'auth', 'alerting', 'alertmanager_config_file', ...ALERTMANAGER_KEYS, 'plugins', 'dashboards'] as const;

const root = keys({
  self_scrape: withDefault(flag, true),
  ...ignoredKeys(ACTED_ON),
  ...ignoredKeys(NOT_ACTED_ON_KEYS),
});

/** Reads and checks the configuration. Throws one `ConfigError` that tells every mistake, each with file, path, line and column. */
export async function loadConfig(options: LoadConfigOptions): Promise<Config> {
  const document = options.file === undefined ? EMPTY_DOCUMENT : await readDocument(options.file, options.environment);
  const scrapeFiles = await readScrapeFiles(document, options.environment);
  return readConfig(document, options.anonymousDefault, scrapeFiles, await readAlertingFiles(document, options.environment), await readRuleFiles(document));
}

/** The same, of documents that have been read: the configuration, and those that it names. */
export function readConfig(
  document: ConfigDocument,
  anonymousDefault: AuthConfig['anonymous'],
  scrapeFiles: readonly ConfigDocument[] = [],
  alertingFiles: AlertingFiles = NO_ALERTING_FILES,
  ruleFiles: readonly RuleFile[] = [],
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
  const ruleGroups = global && attempt(() => readRules(ruleFiles, { evaluationInterval: global.evaluationInterval, queryOffset: global.ruleQueryOffset }));
  const storage = attempt(() => readStorage(whole.inner('storage')));
  const limits = attempt(() => readLimits(whole.inner('limits'), whole.inner('storage', 'exemplars')));
  const otlp = attempt(() => readOtlp(whole.inner('otlp')));
  const auth = attempt(() => readAuth(whole.inner('auth'), anonymousDefault));
  const { document: alertmanager, templates } = alertingFiles;
  const ofAlerting = alertmanager === undefined ? whole : new Section(alertmanager, [], alertmanager.value, warnings);
  const rest = attempt(() => readAlertingSection(whole.inner('alerting')));
  const alerting = rest && attempt(() => readAlerting(ofAlerting, alertmanager !== undefined, templates, { relay: rest.relay, notificationRetention: rest.notificationRetention }));
  const plugins = attempt(() => readPlugins(whole.inner('plugins')));
  const dashboards = attempt(() => readDashboards(whole.inner('dashboards')));
  warnIgnored(whole, NOT_ACTED_ON_KEYS);
  if (errors.length > 0 || !top || !global || !scrapeConfigs || !ruleGroups || !storage || !limits || !otlp || !rest || !alerting || !plugins || !dashboards) throw mergeErrors(errors);
  return Object.freeze({
    file: document.file,
    global,
    scrapeConfigs,
    ruleGroups,
    alertHistoryRetention: rest.alertHistoryRetention,
    storage,
    limits,
    otlp,
    auth,
    alerting,
    plugins,
    dashboards,
    selfScrape: top.self_scrape,
    warnings,
  });
}
