/** One configured notifier of a receiver. */
export interface ChannelStatus {
  /** `receiver/kind/index`, stable while the configuration is. */
  readonly id: string;
  readonly receiver: string;
  readonly kind: string;
}
