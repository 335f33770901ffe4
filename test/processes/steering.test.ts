/** The commands by which docs/operations.md steers a service, run as they are written, on free ports. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
  ModifyTargetGroupCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ANNOTATION_PAUSED, type WebService } from "../../src/model/object.ts";
import { ApiClient } from "../support/api-client.ts";
import { DaemonProcess } from "../support/daemon-process.ts";
import { exampleManifest } from "../support/example-manifest.ts";
import { waitUntil } from "../support/wait-until.ts";

const LIMIT_MS = 120_000;
const [DRIFT = [], REVISIONS = [], KUBECTL = []] = blocksOf("Steering: accept, correct, ignore, roll back");

/** The blocks of shell commands below a heading. */
function blocksOf(heading: string): string[][] {
  const [, after = ""] = readFileSync("docs/operations.md", "utf8").split(`## ${heading}\n`);
  const [section = ""] = after.split("\n## ");
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block.trim().split("\n"));
}

let daemon: DaemonProcess;
let api: ApiClient;
let elb: ElasticLoadBalancingV2Client;

beforeAll(async () => {
  daemon = await DaemonProcess.start([
    ...["--database", ":memory:", "--simulator-listen", "127.0.0.1:0", "--simulator-speed", "60"],
  ]);
  api = new ApiClient(daemon.url);
  elb = new ElasticLoadBalancingV2Client({
    endpoint: daemon.simulatorUrl,
    region: "us-east-1",
    credentials: { accessKeyId: "somebody", secretAccessKey: "else" },
  });
  await api.post(exampleManifest());
  await status((service) => conditionIs(service, "Ready", "True"));
  await api.patch("web-api", { metadata: { annotations: { [ANNOTATION_PAUSED]: "true" } } });
  await move();
}, LIMIT_MS);
afterAll(async () => {
  elb?.destroy();
  await daemon?.stop();
});

/** Somebody changes two things while the service is paused, until the ledger has both. */
async function move(): Promise<void> {
  const { TargetGroups: [targetGroup] = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
  const { LoadBalancers: [balancer] = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
  await elb.send(
    new ModifyTargetGroupCommand({
      TargetGroupArn: targetGroup?.TargetGroupArn,
      HealthCheckIntervalSeconds: 25,
    }),
  );
  const Attributes = [{ Key: "idle_timeout.timeout_seconds", Value: "99" }];
  await elb.send(
    new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn: balancer?.LoadBalancerArn, Attributes }),
  );
  await waitUntil(
    async () => (await api.drift()).filter(({ state }) => state === "Open").length === 2 || undefined,
    LIMIT_MS,
  );
}

function conditionIs({ status }: WebService, type: string, wanted: string): boolean {
  return status?.conditions.some((one) => one.type === type && one.status === wanted) === true;
}

function status(isSo: (service: WebService) => boolean): Promise<WebService> {
  return waitUntil(async () => {
    const service = await api.get("web-api");
    return isSo(service) ? service : undefined;
  }, LIMIT_MS);
}

async function run(block: readonly string[], index: number): Promise<string> {
  const command = [block[0], block[index]].join("\n").replaceAll("http://127.0.0.1:8080", daemon.url);
  const { stdout } = await promisify(execFile)("sh", [
    "-c",
    command.replace("curl ", "curl -S --fail-with-body "),
  ]);
  return stdout;
}

describe("the commands of docs/operations.md", { timeout: LIMIT_MS }, () => {
  it("accept, ignore, correct", async () => {
    expect(JSON.parse(await run(DRIFT, 1))).toMatchObject({ verb: "accept", isRevised: true, generation: 2 });
    expect(JSON.parse(await run(DRIFT, 2))).toMatchObject({ verb: "ignore", isRevised: true, generation: 3 });
    // Nothing is open any more.
    const refused = { stdout: expect.stringContaining("there is nothing to correct") };
    await expect(run(DRIFT, 3)).rejects.toMatchObject(refused);
    const { spec } = await api.get("web-api");
    expect(spec).toMatchObject({
      targetGroups: { web: { healthCheck: { intervalSeconds: 25 } } },
      drift: { rules: [{ resource: "loadBalancer", policy: "Ignore" }] },
    });
  });

  it("list revisions, compare them, and go back to one", async () => {
    const list = (await run(REVISIONS, 1)).split("\n");
    expect(list[1]).toMatch(/^3 \(current\) .*ignores loadBalancer: the proxy team$/);
    expect(list[2]).toMatch(/^2 .*accepts what AWS has in targetGroups.web.*: tuned by hand$/);
    expect(await run(REVISIONS, 2)).toContain("~ spec.targetGroups.web.healthCheck.intervalSeconds: 30 → 25");
    expect(JSON.parse(await run(REVISIONS, 3)).object.status.plan.summary.update).toBeGreaterThan(0);
    expect((await api.get("web-api")).metadata.generation).toBe(3);
    expect(JSON.parse(await run(REVISIONS, 4))).toMatchObject({ to: 1, isRevised: true });
    await api.patch("web-api", { metadata: { annotations: { [ANNOTATION_PAUSED]: null } } });
    await status(
      (service) => service.status?.observedGeneration === 4 && conditionIs(service, "Ready", "True"),
    );
    const { TargetGroups: [targetGroup] = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
    expect(targetGroup?.HealthCheckIntervalSeconds).toBe(30);
  });

  it("use the same paths with kubectl", () => {
    const paths = KUBECTL.map((line) => /--raw (\S+)/.exec(line)?.[1]?.split("/").slice(-2).join("/"));
    expect(paths).toEqual(["web-api/revisions", "drift/accept"]);
  });
});
