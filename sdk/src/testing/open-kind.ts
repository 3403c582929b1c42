import type { Kind, Plugin, PointTypes } from '../contract/plugin.js';
import type { Host } from '../host/host.js';
import { formatIssuePath } from '../schema.js';

/** The points whose contributions the configuration opens. */
type OpenedPoint = { [Point in keyof PointTypes]: PointTypes[Point] extends Kind<unknown, unknown> ? Point : never }[keyof PointTypes];

type InstanceOf<Point extends OpenedPoint> = Awaited<ReturnType<PointTypes[Point]['open']>>;

/**
 * Opens what a plugin offers at a point, as the server would: the configuration goes through the kind's own schema.
 * Rejects with the schema's message where the configuration is wrong, and where the plugin offers not just one there.
 */
export async function openKind<Point extends OpenedPoint>(
  plugin: Plugin<undefined>,
  point: Point,
  config: unknown,
  host: Host,
): Promise<InstanceOf<Point>> {
  const offered = (await plugin.activate(host, undefined)).filter((contribution) => contribution.point === point);
  if (offered.length !== 1) throw new Error(`${plugin.id} offers ${offered.length} kinds at ${point}, expected one`);
  const kind = offered[0]?.value as Kind<unknown, InstanceOf<Point>>;
  const checked = await kind.config['~standard'].validate(config);
  if (checked.issues) throw new Error(checked.issues.map(({ path, message }) => `${formatIssuePath(path)} ${message}`.trim()).join('; '));
  return kind.open(checked.value, host);
}
