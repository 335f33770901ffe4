/** A simulated account that outlives any daemon: served over AWS's protocols by the process of the test. */
import {
  AutoScalingClient,
  type AutoScalingGroup,
  paginateDescribeAutoScalingGroups,
  paginateDescribePolicies,
  type ScalingPolicy,
} from "@aws-sdk/client-auto-scaling";
import {
  CloudWatchClient,
  ListTagsForResourceCommand,
  type MetricAlarm,
  paginateDescribeAlarms,
} from "@aws-sdk/client-cloudwatch";
import {
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { seededRng } from "../../src/runtime/seeded-rng.ts";
import { systemClock } from "../../src/runtime/system-clock.ts";
import { type Account, buildAccount } from "../../src/simulator/account.ts";
import { serveAccount } from "../../src/simulator/wire/server.ts";

/** Seconds of the account in a real one: what takes AWS minutes is over in seconds. */
export const SPEED = 120;
const OWNER = "holdfast.dev/owner";

export interface ServedAccount {
  readonly url: string;
  readonly account: Account;
  readonly aws: AwsReader;
  close(): Promise<void>;
}

/**
 * @param seed of everything that the account draws
 * @param options `port`: left out, any free one. `answerMs`: real milliseconds between what a writing call does and its answer
 */
export async function serveTestAccount(
  seed: number,
  { port = 0, answerMs = () => 0 }: { port?: number; answerMs?: () => number } = {},
): Promise<ServedAccount> {
  const account = buildAccount({
    clock: systemClock({ speed: SPEED }),
    rng: seededRng(seed),
    throttle: false,
    interceptor: {
      after: (call) => (call.mutating ? { kind: "slow", ms: answerMs() * SPEED } : undefined),
    },
  });
  const server = await serveAccount(account, { host: "127.0.0.1", port });
  const aws = new AwsReader(server.url);
  const close = async () => {
    aws.close();
    await server.close();
  };
  return { url: server.url, account, aws, close };
}

/** What AWS shows of one kind of resource, with its tags. */
export interface Tagged<T> {
  readonly item: T;
  readonly tags: Readonly<Record<string, string>>;
}

/** Plain describe calls through the unmodified SDK. Shares no code with what is tested. */
export class AwsReader {
  readonly elb: ElasticLoadBalancingV2Client;
  readonly autoScaling: AutoScalingClient;
  readonly ec2: EC2Client;
  readonly cloudWatch: CloudWatchClient;

  constructor(endpoint: string) {
    const where = {
      region: "us-east-1",
      endpoint,
      credentials: { accessKeyId: "somebody", secretAccessKey: "somebody" },
    };
    this.elb = new ElasticLoadBalancingV2Client(where);
    this.autoScaling = new AutoScalingClient(where);
    this.ec2 = new EC2Client(where);
    this.cloudWatch = new CloudWatchClient(where);
  }

  /** Everything, each with its tags; a listener and a rule carry tags of their own. */
  async everything() {
    const loadBalancers = (await this.elb.send(new DescribeLoadBalancersCommand({}))).LoadBalancers ?? [];
    const targetGroups = (await this.elb.send(new DescribeTargetGroupsCommand({}))).TargetGroups ?? [];
    const listeners = (
      await Promise.all(
        loadBalancers.map(async ({ LoadBalancerArn }) => {
          const { Listeners } = await this.elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
          return Listeners ?? [];
        }),
      )
    ).flat();
    const rules = (
      await Promise.all(
        listeners.map(async ({ ListenerArn }) => {
          const { Rules } = await this.elb.send(new DescribeRulesCommand({ ListenerArn }));
          return (Rules ?? []).filter((rule) => rule.Priority !== "default");
        }),
      )
    ).flat();
    return {
      loadBalancers: await this.#tagged(loadBalancers, (one) => one.LoadBalancerArn),
      targetGroups: await this.#tagged(targetGroups, (one) => one.TargetGroupArn),
      listeners: await this.#tagged(listeners, (one) => one.ListenerArn),
      rules: await this.#tagged(rules, (one) => one.RuleArn),
      launchTemplates: await this.#launchTemplates(),
      groups: await this.groups(),
      policies: await this.#policies(),
      alarms: await this.#alarms(),
    };
  }

  async #tagged<T>(items: readonly T[], arnOf: (item: T) => string | undefined): Promise<Tagged<T>[]> {
    const tags = new Map<string, Record<string, string>>();
    for (let start = 0; start < items.length; start += 20) {
      const ResourceArns = items.slice(start, start + 20).map((item) => arnOf(item) ?? "");
      const { TagDescriptions } = await this.elb.send(new DescribeTagsCommand({ ResourceArns }));
      for (const { ResourceArn, Tags } of TagDescriptions ?? []) tags.set(ResourceArn ?? "", tagsOf(Tags));
    }
    return items.map((item) => ({ item, tags: tags.get(arnOf(item) ?? "") ?? {} }));
  }

  async #launchTemplates() {
    const { LaunchTemplates = [] } = await this.ec2.send(new DescribeLaunchTemplatesCommand({}));
    return Promise.all(
      LaunchTemplates.map(async (template) => {
        const { LaunchTemplateVersions = [] } = await this.ec2.send(
          new DescribeLaunchTemplateVersionsCommand({
            LaunchTemplateId: template.LaunchTemplateId,
            Versions: ["$Default"],
          }),
        );
        const imageId = LaunchTemplateVersions[0]?.LaunchTemplateData?.ImageId;
        return { item: { ...template, imageId }, tags: tagsOf(template.Tags) };
      }),
    );
  }

  async groups(): Promise<Tagged<AutoScalingGroup>[]> {
    const groups: Tagged<AutoScalingGroup>[] = [];
    for await (const page of paginateDescribeAutoScalingGroups({ client: this.autoScaling }, {}))
      groups.push(...(page.AutoScalingGroups ?? []).map((item) => ({ item, tags: tagsOf(item.Tags) })));
    return groups;
  }

  async #policies(): Promise<ScalingPolicy[]> {
    const policies: ScalingPolicy[] = [];
    for await (const page of paginateDescribePolicies({ client: this.autoScaling }, {}))
      policies.push(...(page.ScalingPolicies ?? []));
    return policies;
  }

  /** Those that target tracking makes for itself carry no tags. */
  async #alarms(): Promise<Tagged<MetricAlarm>[]> {
    const alarms: MetricAlarm[] = [];
    for await (const page of paginateDescribeAlarms({ client: this.cloudWatch }, {}))
      alarms.push(...(page.MetricAlarms ?? []));
    const tagsOfAlarm = async ({ AlarmArn }: MetricAlarm) =>
      tagsOf((await this.cloudWatch.send(new ListTagsForResourceCommand({ ResourceARN: AlarmArn }))).Tags);
    return Promise.all(alarms.map(async (item) => ({ item, tags: await tagsOfAlarm(item) })));
  }

  close(): void {
    for (const client of [this.elb, this.autoScaling, this.ec2, this.cloudWatch]) client.destroy();
  }
}

/** The service that a resource says it belongs to; `undefined` when it says nothing. */
export function serviceOf({ tags }: Tagged<unknown>): string | undefined {
  return tags[OWNER]?.split("/")[2];
}

function tagsOf(tags: readonly { Key?: string; Value?: string }[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
}
