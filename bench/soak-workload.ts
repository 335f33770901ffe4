/** What keeps the daemon busy: people who change specs, people who meddle, instances that fail, readers, watchers. */
import { get } from "node:http";
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient, DeleteAlarmsCommand, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { conditionOf } from "../src/model/conditions.ts";
import { LIMITS } from "../src/model/limits.ts";
import type { WebService } from "../src/model/object.ts";
import type { Rng } from "../src/ports.ts";
import { type ApiClient, pathOf, RefusedByApi } from "../test/support/api-client.ts";
import { waitUntil } from "../test/support/wait-until.ts";

const EVENTS_PATH = "/api/v1/namespaces/default/events";
const DRIFT_PATH = "/apis/holdfast.dev/v1/driftevents";
const REOPEN_MS = 1_000;

export function manifestOf(name: string): {
  metadata: object;
  spec: object;
  apiVersion: string;
  kind: string;
} {
  return {
    apiVersion: "holdfast.dev/v1",
    kind: "WebService",
    metadata: { name, labels: { team: "soak" } },
    spec: {
      region: "us-east-1",
      vpcId: "vpc-12345678",
      subnetIds: ["subnet-1a", "subnet-1b", "subnet-1c"],
      targetGroups: { web: { port: 8080 } },
      autoScalingGroups: { web: { launchTemplate: { imageId: "ami-12345678", instanceType: "t3.micro" } } },
    },
  };
}

function pick<T>(rng: Rng, items: readonly T[]): T | undefined {
  return items[Math.floor(rng.next() * items.length)];
}

/** Somebody changes a spec: mostly settings, now and then the image, which replaces every instance. */
export async function changeSpec(api: ApiClient, rng: Rng, names: readonly string[]): Promise<void> {
  const number = Math.floor(rng.next() * 60);
  const changes = [
    { targetGroups: { web: { healthCheck: { path: `/health-${number}` } } } },
    { autoScalingGroups: { web: { maxSize: 10 + (number % 10) } } },
    { loadBalancer: { attributes: { "idle_timeout.timeout_seconds": 60 + number } } },
    { tags: { Release: String(number) } },
    { targetGroups: { web: { attributes: { "deregistration_delay.timeout_seconds": 30 + number } } } },
  ];
  const image = number % 2 === 0 ? "ami-12345678" : "ami-87654321";
  const rollout = { autoScalingGroups: { web: { launchTemplate: { imageId: image } } } };
  const name = pick(rng, names) ?? "";
  await unlessGone(api.patch(name, { spec: rng.next() < 0.1 ? rollout : pick(rng, changes) }));
}

/** Deletes one, and posts it again as soon as the daemon lets it. */
export async function replaceService(api: ApiClient, name: string): Promise<void> {
  await unlessGone(api.remove(name));
}

/** A service that is being deleted refuses changes, and is not there for a while. */
async function unlessGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof RefusedByApi && [404, 409, 422].includes(error.code))) throw error;
  }
}

/** Posts the services that are not there, for example because they were deleted. */
export async function restoreServices(api: ApiClient, names: readonly string[]): Promise<void> {
  const present = new Set((await api.list()).map((object) => object.metadata.name));
  const missing = names.filter((name) => !present.has(name));
  if (missing.length > 0) await unlessGone(api.post(...missing.map(manifestOf)));
}

/** Somebody with the AWS console. */
export class Meddler {
  readonly #elb: ElasticLoadBalancingV2Client;
  readonly #autoScaling: AutoScalingClient;
  readonly #cloudWatch: CloudWatchClient;
  readonly #accountUrl: string;
  readonly #rng: Rng;

  constructor(accountUrl: string, rng: Rng) {
    const where = {
      region: "us-east-1",
      endpoint: accountUrl,
      credentials: { accessKeyId: "somebody", secretAccessKey: "somebody" },
    };
    this.#elb = new ElasticLoadBalancingV2Client(where);
    this.#autoScaling = new AutoScalingClient(where);
    this.#cloudWatch = new CloudWatchClient(where);
    this.#accountUrl = accountUrl;
    this.#rng = rng;
  }

  /** One edit by hand. What it was about to edit may be gone; then there was nothing to edit. */
  async edit(): Promise<void> {
    const edits = [() => this.#editTargetGroup(), () => this.#editGroup(), () => this.#deleteAlarm()];
    await pick(this.#rng, edits)?.();
  }

  async #editTargetGroup(): Promise<void> {
    const { TargetGroups = [] } = await this.#elb.send(new DescribeTargetGroupsCommand({}));
    const one = pick(this.#rng, TargetGroups);
    if (one === undefined) return;
    await this.#elb
      .send(new ModifyTargetGroupCommand({ TargetGroupArn: one.TargetGroupArn, HealthCheckPath: "/nowhere" }))
      .catch(ignoreNotFound);
  }

  async #editGroup(): Promise<void> {
    const { AutoScalingGroups = [] } = await this.#autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
    const one = pick(this.#rng, AutoScalingGroups);
    if (one === undefined) return;
    const input = { AutoScalingGroupName: one.AutoScalingGroupName, HealthCheckGracePeriod: 123 };
    await this.#autoScaling.send(new UpdateAutoScalingGroupCommand(input)).catch(ignoreNotFound);
  }

  async #deleteAlarm(): Promise<void> {
    const { MetricAlarms = [] } = await this.#cloudWatch.send(new DescribeAlarmsCommand({}));
    const ours = MetricAlarms.filter((alarm) => !alarm.AlarmName?.startsWith("TargetTracking-"));
    const one = pick(this.#rng, ours);
    if (one !== undefined)
      await this.#cloudWatch
        .send(new DeleteAlarmsCommand({ AlarmNames: [one.AlarmName ?? ""] }))
        .catch(ignoreNotFound);
  }

  /** The application on one instance fails, so that it is replaced. */
  async breakInstance(): Promise<void> {
    const answer = await fetch(`${this.#accountUrl}/_simulator/state`);
    const { instances } = (await answer.json()) as { instances: { instanceId: string; state: string }[] };
    const one = pick(
      this.#rng,
      instances.filter((instance) => instance.state === "running"),
    );
    if (one === undefined) return;
    await fetch(`${this.#accountUrl}/_simulator/break`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ instanceId: one.instanceId, how: "status", statusCode: 500 }),
    });
  }
}

function ignoreNotFound(error: unknown): void {
  const { name, message } = error as Error;
  if (!/NotFound|ValidationError/.test(name)) throw new Error(`${name}: ${message}`);
}

/**
 * Fills what remembers the latest changes for watchers, so that its growth to its bound is not taken for a leak.
 * The services have their whole status by then: what comes later is no larger.
 */
export async function fillChangeWindow(api: ApiClient, names: readonly string[]): Promise<void> {
  let left = LIMITS.watchWindow;
  const fill = async (name: string) => {
    while (left > 0) {
      left -= 1;
      await api.patch(name, { metadata: { labels: { round: String(left) } } });
    }
  };
  await Promise.all(names.map(fill));
}

/** Until every service has come up once. */
export async function untilAllReady(api: ApiClient, limitMs: number): Promise<void> {
  const isReady = ({ status }: WebService) => conditionOf(status?.conditions, "Ready")?.status === "True";
  await waitUntil(async () => ((await api.list()).every(isReady) ? true : undefined), limitMs);
}

/** Everything that people and programs look at. */
export async function readEverything(api: ApiClient, name: string): Promise<void> {
  const paths = [
    pathOf(),
    pathOf(name),
    `/status/default/${name}`,
    "/status",
    "/status?format=json",
    EVENTS_PATH,
    DRIFT_PATH,
  ];
  for (const path of paths) {
    const reading = api.request("GET", path).then((answer) => answer.arrayBuffer());
    await unlessGone(reading);
  }
}

/** Open watches that are opened again whenever they end. The answer tells how many lines have come, and closes them. */
export function openWatches(url: string, count: number): { lines: () => number; close: () => void } {
  const paths = [pathOf(), DRIFT_PATH, EVENTS_PATH];
  const closing = new AbortController();
  let lines = 0;
  const open = (path: string) => {
    if (closing.signal.aborted) return;
    const again = () => setTimeout(() => open(path), REOPEN_MS).unref();
    const request = get(`${url}${path}?watch=1&timeoutSeconds=240`, { signal: closing.signal }, (answer) => {
      answer.on("data", (chunk: Buffer) => {
        for (const byte of chunk) if (byte === 10) lines += 1;
      });
      answer.on("error", () => undefined);
      answer.on("close", again);
    });
    request.on("error", again);
  };
  for (let index = 0; index < count; index += 1) open(paths[index % paths.length] ?? pathOf());
  return { lines: () => lines, close: () => closing.abort() };
}
