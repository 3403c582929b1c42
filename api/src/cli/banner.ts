export interface BannerFacts {
  readonly url: string;
  readonly configFile: string | undefined;
  readonly dataDir: string;
}

/** What a person at a terminal is told when the server is ready. */
export function banner({ url, configFile, dataDir }: BannerFacts): string {
  const config = configFile ?? 'none yet: the server watches itself';
  const next = configFile === undefined ? 'name your targets in metrics-dashboard.yml and start again' : 'edit the configuration, then: kill -HUP ' + process.pid;
  return [
    '',
    `  Metrics Dashboard is ready: ${url}`,
    '',
    `  configuration  ${config}`,
    `  data           ${dataDir}`,
    `  next           ${next}`,
    `  stop           Ctrl-C`,
    '',
    '',
  ].join('\n');
}
