/**
 * A story of its own: a tier that Terraform has made serves already. It is read, watched, taken over, and given back;
 * its instances never notice.
 */
import { DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ModifyTargetGroupCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { conditionOf } from "../src/model/conditions.ts";
import type { Coverage } from "../src/model/status.ts";
import { bold, dim, heading, say, waitFor } from "./terminal.ts";
import type { World } from "./world.ts";

export const TIER = { name: "shop", seedFile: "examples/existing-tier.yaml" };
const LOAD_BALANCER = "shop-prod";
/** Real milliseconds; several times of what each step takes. */
const STEP_LIMIT_MS = 60_000;
const PATCH = { "content-type": "application/merge-patch+json" };

export async function showTakeover(world: World): Promise<void> {
  const before = await showTier(world);
  const manifest = await showImport(world);
  await showObserving(world, manifest);
  await showAdoption(world);
  await showTheSame(world, before);
  await showKept(world);
  await showWayBack(world);
  await showTheSame(world, before);
}

/** Ids of the tier's instances. */
async function showTier(world: World): Promise<string[]> {
  heading("1. A tier that Terraform has made serves");
  const { LoadBalancers = [] } = await world.elb.send(
    new DescribeLoadBalancersCommand({ Names: [LOAD_BALANCER] }),
  );
  say(`Load balancer  ${LoadBalancers[0]?.DNSName}`);
  const groups = await groupsOf(world);
  for (const { AutoScalingGroupName, LaunchTemplate } of groups)
    say(`Group          ${AutoScalingGroupName}, on version ${LaunchTemplate?.Version} of its template`);
  const ids = await instancesOf(world);
  say(`Instances      ${ids.join(", ")}`);
  say(dim(`made at the start by the AWS calls in ${TIER.seedFile}`));
  return ids;
}

async function showImport(world: World): Promise<string> {
  heading("2. It is read, and a manifest says what it is");
  const request = { region: "us-east-1", loadBalancer: LOAD_BALANCER, metadata: { name: TIER.name } };
  const answer = await world.api("/specs/import", { method: "POST", body: JSON.stringify(request) });
  const manifest = await answer.text();
  if (answer.status !== 200) throw new Error(`POST /specs/import answered ${answer.status}: ${manifest}`);
  const spec = manifest.slice(manifest.indexOf("spec:"), manifest.indexOf("\nstatus:")).split("\n");
  say(`POST /specs/import → ${spec.length} lines, with the names that AWS has:`);
  const told = spec.filter(
    (line, index) =>
      /^ +(management|defaults|name):/.test(line) && !/iamInstanceProfile:/.test(spec[index - 1] ?? ""),
  );
  for (const line of told) say(dim(`  ${line.trim()}`));
  return manifest;
}

async function showObserving(world: World, manifest: string): Promise<void> {
  heading("3. It is watched, and nothing is written");
  const written = world.calls().mutating;
  const answer = await world.api("/specs", { method: "POST", body: manifest });
  if (answer.status !== 201) throw new Error(`POST /specs answered ${answer.status}: ${await answer.text()}`);
  await untilSynced(world);
  const { status } = world.service();
  say(`${bold("Synced")}: the manifest and the account are equal. ${sentenceOf(status?.coverage)}`);
  const TargetGroupArn = await targetGroupOf(world);
  await world.elb.send(new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckPath: "/nowhere" }));
  say(`${world.clock()}  somebody: elbv2 modify-target-group --health-check-path /nowhere`);
  await until(() => world.drift().some(({ state }) => state === "Open"), "the next pass looks at it");
  say(`${world.clock()}  found and recorded, and left as it is`);
  await world.elb.send(new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckPath: "/healthz" }));
  say(`${world.clock()}  somebody: elbv2 modify-target-group --health-check-path /healthz`);
  await untilSynced(world);
  // The two by hand are the account's only writes meanwhile.
  const ours = world.calls().mutating - written - 2;
  if (ours !== 0) throw new Error(`${ours} calls have written to an account that is only observed`);
  say(`Calls of Holdfast's that write so far: ${bold("0")}`);
}

async function showAdoption(world: World): Promise<void> {
  heading("4. One edit switches writing on");
  await manage(world, "Manage");
  await untilSynced(world);
  const calls = world.daemon.store.calls({ limit: 100 }).reverse();
  say(`${calls.length} calls, and each of them puts a tag on:`);
  for (const { operation, address } of calls) say(dim(`  ${operation.padEnd(40)} ${address}`));
  const others = calls.filter(
    ({ operation }) => !/(AddTags|CreateTags|CreateOrUpdateTags|TagResource)$/.test(operation),
  );
  if (others.length > 0) throw new Error(`${others[0]?.operation} is no tagging call`);
}

async function showKept(world: World): Promise<void> {
  heading("5. From now on it is kept as declared");
  const TargetGroupArn = await targetGroupOf(world);
  await world.elb.send(new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckPath: "/nowhere" }));
  say(`${world.clock()}  somebody: elbv2 modify-target-group --health-check-path /nowhere`);
  await until(() => world.drift().some(({ state }) => state === "Corrected"), "the next pass looks at it");
  say(`${world.clock()}  put right`);
  await untilSynced(world);
}

async function showWayBack(world: World): Promise<void> {
  heading("6. The way back: the tags are taken off, and nothing else");
  const known = new Set(world.daemon.store.calls({ limit: 100 }).map(({ id }) => id));
  await manage(world, "Observe");
  await untilSynced(world);
  const calls = world.daemon.store.calls({ limit: 100 }).filter(({ id }) => !known.has(id));
  for (const { operation, address } of calls.reverse()) say(dim(`  ${operation.padEnd(40)} ${address}`));
}

async function showTheSame(world: World, before: readonly string[]): Promise<void> {
  const now = await instancesOf(world);
  if (String(now) !== String(before)) throw new Error(`the instances are ${now}, and were ${before}`);
  say(`Instances      ${now.join(", ")}: ${bold("the same")}`);
}

async function manage(world: World, management: "Manage" | "Observe"): Promise<void> {
  const path = `/apis/holdfast.dev/v1/namespaces/default/webservices/${TIER.name}`;
  const body = JSON.stringify({ spec: { management } });
  const answer = await world.api(path, { method: "PATCH", headers: PATCH, body });
  if (!answer.ok) throw new Error(`PATCH answered ${answer.status}: ${await answer.text()}`);
  say(`${world.clock()}  PATCH {"spec":{"management":"${management}"}}`);
}

/** As the account is, of the spec as it is now. */
async function untilSynced(world: World): Promise<void> {
  const synced = () => conditionOf(world.service().status?.conditions, "Synced");
  await until(
    () => {
      const { metadata, status } = world.service();
      return status?.observedGeneration === metadata.generation && synced()?.reason === "InSync";
    },
    () => synced()?.message ?? "the first pass is looking at the account",
  );
}

async function until(isSo: () => boolean, meanwhile: string | (() => string)): Promise<void> {
  const text = typeof meanwhile === "string" ? () => meanwhile : meanwhile;
  await waitFor(async () => (isSo() ? true : undefined), text, STEP_LIMIT_MS);
}

function sentenceOf(coverage: Coverage | undefined): string {
  if (coverage === undefined) return "";
  const { compared, equal, different, leftToOthers, notCompared } = coverage;
  return `Of AWS's answers, ${equal} of ${compared} members are equal, ${different} differ, ${leftToOthers} are left to others, ${notCompared} cannot be compared.`;
}

async function groupsOf(world: World) {
  const { AutoScalingGroups = [] } = await world.autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
  return AutoScalingGroups;
}

async function instancesOf(world: World): Promise<string[]> {
  const groups = await groupsOf(world);
  return groups.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId = "" }) => InstanceId)).sort();
}

async function targetGroupOf(world: World): Promise<string> {
  const { TargetGroups = [] } = await world.elb.send(new DescribeTargetGroupsCommand({}));
  return TargetGroups[0]?.TargetGroupArn ?? "";
}
