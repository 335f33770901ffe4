/** Where AWS allows no more listeners: learnt from the calls alone. */
import type { Account } from "../../../src/simulator/account.ts";
import type { Call } from "../../../src/simulator/faults/interceptors.ts";
import type { Ours } from "./ours.ts";

/** So soon after another one went, a listener comes in its place. */
const SOON_MS = 60_000;

export class Places {
  readonly #ours: Ours;
  readonly #account: () => Account;
  /** Load balancer → when it lost one of the listeners of which it had as many as AWS allows. */
  readonly #lostAtMs = new Map<string, number>();

  constructor(ours: Ours, account: () => Account) {
    this.#ours = ours;
    this.#account = account;
  }

  /** Before the effect of a call of the daemon. @returns the load balancer that a listener leaves for another one */
  changedHands({ operation, input, atMs }: Call): string | undefined {
    const { ListenerArn, LoadBalancerArn = "" } = input as { ListenerArn?: string; LoadBalancerArn?: string };
    if (operation === "CreateListener")
      return atMs - (this.#lostAtMs.get(LoadBalancerArn) ?? Number.NEGATIVE_INFINITY) < SOON_MS
        ? LoadBalancerArn
        : undefined;
    const leaving = operation === "DeleteListener" ? this.#ours.get(ListenerArn) : undefined;
    if (leaving === undefined) return undefined;
    const siblings = this.#ours.all().filter(({ parent }) => parent === leaving.parent);
    if (siblings.length >= this.#account().quotas.listenersPerLoadBalancer)
      this.#lostAtMs.set(leaving.parent, atMs);
    return undefined;
  }
}
