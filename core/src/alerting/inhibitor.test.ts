import { Labels } from '@metrics-dashboard/sdk';
import { describe, expect, it } from 'vitest';
import type { ActiveAlert } from './active-alert.js';
import { alertOf } from './alert-message.js';
import { Inhibitor } from './inhibitor.js';
import { parseMatchers } from './matcher-syntax.js';

const rule = (sources: string, targets: string, ...equal: string[]) => ({ sources: parseMatchers(sources), targets: parseMatchers(targets), equal });
const alert = (labels: Record<string, string>, endsAt = 1000): ActiveAlert =>
  alertOf({ labels: Labels.of(labels), annotations: {}, startsAt: 0, endsAt, generatorUrl: '', receivers: [] }, 0, 0);

describe('an alert is muted', () => {
  it.each<[string, Record<string, string>, Record<string, string>, boolean]>([
    ['by a source with equal labels', { s: 'crit', zone: 'a' }, { s: 'warn', zone: 'a' }, true],
    ['not by one with others', { s: 'crit', zone: 'a' }, { s: 'warn', zone: 'b' }, false],
    ['where both lack the label', { s: 'crit' }, { s: 'warn' }, true],
    ['not where one lacks it', { s: 'crit', zone: 'a' }, { s: 'warn' }, false],
    ['only as a target', { s: 'crit', zone: 'a' }, { s: 'info', zone: 'a' }, false],
  ])('%s', (_, source, target, muted) => {
    const inhibitor = new Inhibitor([rule('s=crit', 's=warn', 'zone')]);
    inhibitor.observe(alert(source));
    expect(inhibitor.inhibitedBy(Labels.of(target), 500) !== undefined).toBe(muted);
  });

  it('while the source fires, and until it is forgotten', () => {
    const inhibitor = new Inhibitor([rule('s=crit', 's=warn')]);
    const source = alert({ s: 'crit' });
    inhibitor.observe(source);
    const target = Labels.of({ s: 'warn' });
    expect(inhibitor.inhibitedBy(target, 999)).toBe(source);
    expect(inhibitor.inhibitedBy(target, 1000)).toBeUndefined();
    inhibitor.forget(source.labels);
    expect(inhibitor.inhibitedBy(target, 500)).toBeUndefined();
  });

  it('not by itself, nor by others that are targets as well', () => {
    const inhibitor = new Inhibitor([rule('s=~"crit|warn"', 's=~"warn|crit"')]);
    inhibitor.observe(alert({ s: 'crit' }));
    inhibitor.observe(alert({ s: 'warn' }));
    expect(inhibitor.inhibitedBy(Labels.of({ s: 'crit' }), 500)).toBeUndefined();
    const wider = new Inhibitor([rule('s=~"crit|warn"', 's=~"warn|info"')]);
    wider.observe(alert({ s: 'warn' }));
    expect(wider.inhibitedBy(Labels.of({ s: 'info' }), 500)).toBeDefined();
    expect(wider.inhibitedBy(Labels.of({ s: 'warn' }), 500)).toBeUndefined();
    wider.observe(alert({ s: 'crit' }));
    expect(wider.inhibitedBy(Labels.of({ s: 'warn' }), 500)?.labels.get('s')).toBe('crit');
  });
});
