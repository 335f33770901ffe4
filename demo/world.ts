/** How the demonstration looks at the world: the service through the store, the account through AWS calls. */
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Daemon } from "../src/daemon.ts";
import { conditionOf } from "../src/model/conditions.ts";
import type { WebService } from "../src/model/object.ts";
import { waitFor } from "./terminal.ts";

export class World {
  readonly daemon: Daemon;
  /** The service of the story, in the default namespace. */
  readonly #name: string;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly autoScaling: AutoScalingClient;
  readonly cloudWatch: CloudWatchClient;

  constructor(daemon: Daemon, name: string) {
    this.daemon = daemon;
    this.#name = name;
    const where = {
      region: "us-east-1",
      endpoint: daemon.simulatorUrl ?? "",
      credentials: { accessKeyId: "somebody", secretAccessKey: "somebody" },
    };
    this.elb = new ElasticLoadBalancingV2Client(where);
    this.autoScaling = new AutoScalingClient(where);
    this.cloudWatch = new CloudWatchClient(where);
  }

  service(): WebService {
    const object = this.daemon.store.get({ namespace: "default", name: this.#name });
    if (object === undefined) throw new Error("the service is not stored");
    return object;
  }

  /** Physical name or ARN of a resource of the service. */
  resource(key: string): { name: string; arn: string } {
    const row = this.service().status?.resources.find((candidate) => candidate.key === key);
    if (row?.arn === undefined) throw new Error(`${key} has no ARN yet`);
    return { name: row.name, arn: row.arn };
  }

  drift() {
    return this.daemon.store.driftEvents({ service: this.#name }).items;
  }

  /** Calls that the daemon has made so far. */
  calls(): { mutating: number; reads: number } {
    const counts = this.daemon.account?.calls.counts() ?? {};
    const isRead = (operation: string) => /(^|:)(Describe|List|Get)/.test(operation);
    const sum = (keep: (operation: string) => boolean) =>
      Object.entries(counts)
        .filter(([operation]) => keep(operation))
        .reduce((total, [, count]) => total + count, 0);
    return { mutating: sum((operation) => !isRead(operation)), reads: sum(isRead) };
  }

  /** A request to the daemon's API. */
  api(path: string, init: RequestInit): Promise<Response> {
    return fetch(`${this.daemon.url}${path}`, {
      ...init,
      headers: { "content-type": "application/yaml", ...init.headers },
    });
  }

  /** Something done to the account that is no AWS call. */
  async control(action: string, input: object): Promise<void> {
    const answer = await fetch(`${this.daemon.simulatorUrl}/_simulator/${action}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(input),
    });
    if (!answer.ok)
      throw new Error(`/_simulator/${action} answered ${answer.status}: ${await answer.text()}`);
  }

  clock(): string {
    return new Date(this.daemon.clock.nowMs()).toISOString().slice(11, 19);
  }

  async untilReady(limitMs: number): Promise<void> {
    const ready = () => conditionOf(this.service().status?.conditions, "Ready");
    await waitFor(
      async () => (ready()?.status === "True" ? true : undefined),
      () => ready()?.message ?? "the first pass is looking at the account",
      limitMs,
    );
  }
}
