import type { Principal } from '@metrics-dashboard/sdk';

/** A socket, by the operations that are under way on it. */
export interface SocketOperations {
  readonly subscriptions: Readonly<Record<string, unknown>>;
}

/** Which sockets each client holds open, to count what it has under way on all of them. */
export class ClientSockets {
  readonly #sockets = new Map<string, Set<SocketOperations>>();

  join(client: string, socket: SocketOperations): void {
    const own = this.#sockets.get(client);
    if (own) own.add(socket);
    else this.#sockets.set(client, new Set([socket]));
  }

  leave(client: string, socket: SocketOperations): void {
    const own = this.#sockets.get(client);
    own?.delete(socket);
    if (own?.size === 0) this.#sockets.delete(client);
  }

  /** The operations of a client that are under way, one that is just asked for among them. */
  underWay(client: string): number {
    let sum = 0;
    for (const socket of this.#sockets.get(client) ?? []) sum += operationsOn(socket);
    return sum;
  }
}

/** How many operations are under way on one socket. */
export function operationsOn({ subscriptions }: SocketOperations): number {
  return Object.keys(subscriptions).length;
}

/** Who counts as one client: somebody who said who they are by their name, all others by their address. */
export function clientOf(named: Principal | undefined, address: string | undefined): string {
  return named ? `principal ${named.name}` : `address ${address ?? ''}`;
}
