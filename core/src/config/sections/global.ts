import type { GlobalConfig } from '../config.js';
import { keys } from '../section.js';
import type { Section } from '../section.js';
import { count, bytes, duration, optional, positiveDuration, textMap, withDefault } from '../values.js';
import { ignoredKeys, warnIgnored } from '../ignored.js';
import { ALERTING_GLOBAL_KEYS } from './alerting-global.js';
import { FORMAT_KEYS, readProtocols, warnFormats } from './scrape-formats.js';
import { TARGET_LIMIT_KEYS } from './scrape-limits.js';
import type { TargetLimits } from './scrape-limits.js';
import { z } from 'zod';

/** What `global:` says for all jobs. */
export interface GlobalSection extends GlobalConfig {
  readonly sampleLimit: number;
  readonly bodySizeLimit: number;
  readonly limits: TargetLimits;
  readonly accept: string | undefined;
}

/** Keys of Alertmanager's `global:`, whose file may be joined with this one, that are not acted on. */
export const IGNORED_GLOBAL_KEYS = [
  'smtp_auth_secret', 'smtp_auth_secret_file', 'smtp_auth_identity', 'smtp_force_implicit_tls', 'slack_app_token', 'slack_app_token_file',
  'slack_app_url',
  'pagerduty_url', 'opsgenie_api_url', 'opsgenie_api_key', 'opsgenie_api_key_file', 'wechat_api_url', 'wechat_api_secret',
  'wechat_api_secret_file', 'wechat_api_corp_id', 'victorops_api_url', 'victorops_api_key', 'victorops_api_key_file',
  'telegram_api_url', 'telegram_bot_token', 'telegram_bot_token_file', 'webex_api_url', 'rocketchat_api_url', 'rocketchat_token',
  'rocketchat_token_file', 'rocketchat_token_id', 'rocketchat_token_id_file', 'jira_api_url', 'mattermost_webhook_url',
  'mattermost_webhook_url_file',
] as const;

const IGNORED = ['query_log_file', ...IGNORED_GLOBAL_KEYS] as const;

/** `metric_name_validation_scheme`, which may be blank. */
export const validationScheme: z.ZodType<'utf8' | 'legacy' | undefined> = z.preprocess(
  (value) => (value === '' || value === null ? undefined : value),
  z.enum(['utf8', 'legacy']).optional(),
);

const schema = z.preprocess(
  (value) => value ?? {},
  keys({
    scrape_interval: withDefault(positiveDuration, 60_000),
    scrape_timeout: optional(positiveDuration),
    evaluation_interval: withDefault(positiveDuration, 60_000),
    rule_query_offset: withDefault(duration, 0),
    external_labels: withDefault(textMap, {}),
    sample_limit: withDefault(count(), 0),
    body_size_limit: withDefault(bytes, 0),
    metric_name_validation_scheme: validationScheme,
    ...TARGET_LIMIT_KEYS,
    ...ignoredKeys(FORMAT_KEYS),
    ...ignoredKeys(IGNORED),
    ...ignoredKeys(ALERTING_GLOBAL_KEYS),
  }),
);

const DEFAULT_TIMEOUT = 10_000;

/** Reads `global:`. The timeout, where it is not given, is 10 s, or the interval when that is shorter. */
export function readGlobal(section: Section): GlobalSection {
  const read = section.read(schema);
  warnIgnored(section, IGNORED);
  warnFormats(section);
  const timeout = read.scrape_timeout ?? Math.min(DEFAULT_TIMEOUT, read.scrape_interval);
  if (timeout > read.scrape_interval) {
    throw section.inner('scrape_timeout').error('is longer than scrape_interval');
  }
  return {
    scrapeInterval: read.scrape_interval,
    scrapeTimeout: timeout,
    evaluationInterval: read.evaluation_interval,
    ruleQueryOffset: read.rule_query_offset,
    externalLabels: read.external_labels,
    nameValidation: read.metric_name_validation_scheme ?? 'utf8',
    sampleLimit: read.sample_limit,
    bodySizeLimit: read.body_size_limit,
    limits: read,
    accept: readProtocols(section.inner('scrape_protocols')),
  };
}
