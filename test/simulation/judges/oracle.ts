/**
 * What the account must hold when everything has settled, field by field, from the stored spec alone. Shares no code
 * with the reconciler: it was written from the AWS API reference and the public contract of the spec.
 */
import type { AccountView, GroupView, ListenerView, Tags, TargetGroupView } from "./account-view.ts";
import { boundsOf, partFacts } from "./group-parts.ts";
import {
  foundAction,
  foundCondition,
  type Json,
  listOf,
  mapOf,
  sorted,
  text,
  wantedAction,
  wantedCondition,
} from "./oracle-values.ts";
import { policyFacts, typeWord } from "./policy-facts.ts";
import { leftovers, OWNER, ownerOf, RESOURCE, type Wanted } from "./remains.ts";

/** Where the account is not as it must be; empty when all is well. `services`: all that are wanted. */
export function disagreements(view: AccountView, services: readonly Wanted[]): string[] {
  const said: string[] = [];
  for (const { name, spec, carried = [] } of services) {
    const ignored = ignoredIn(spec);
    const check = new Check({ name, spec, carried }, view, (text) => {
      if (!ignored.some((address) => isBelow(text, address))) said.push(`${name}: ${text}`);
    });
    check.all();
  }
  const known = new Set(services.map((service) => ownerOf(service.name)));
  said.push(...leftovers(view, (owner) => owner.startsWith("holdfast/") && !known.has(owner)));
  return said;
}

/** Addresses of what a spec leaves to others, or something of it: there AWS may hold anything. */
function ignoredIn(spec: Json): string[] {
  const rules = listOf(mapOf(spec.drift).rules).map(mapOf);
  return rules.filter(({ policy }) => policy === "Ignore").map(({ resource }) => String(resource));
}

/** A group is told of under its template as well. */
function isBelow(text: string, address: string): boolean {
  return text.startsWith(`${address} `) || text.startsWith(`${address}.`);
}

class Check {
  readonly #name: string;
  readonly #spec: Json;
  readonly #view: AccountView;
  readonly #say: (text: string) => void;
  readonly #owner: string;
  readonly #carried: readonly string[];
  #at = "";

  constructor({ name, spec, carried }: Required<Wanted>, view: AccountView, say: (text: string) => void) {
    this.#name = name;
    this.#carried = carried;
    this.#spec = spec;
    this.#view = view;
    this.#say = say;
    this.#owner = ownerOf(name);
  }

  all(): void {
    const targetGroups = this.#targetGroups();
    this.#loadBalancer(targetGroups);
    this.#groups(targetGroups);
    this.#alarms(targetGroups);
  }

  #equal(what: string, wanted: unknown, found: unknown): void {
    const [a, b] = [text(wanted), text(found)];
    if (a !== b) this.#say(`${this.#at} ${what}: wanted ${a}, found ${b}`);
  }

  /** The one resource of ours with this address. */
  #one<T extends { tags: Tags }>(items: readonly T[], address: string): T | undefined {
    const ours = items.filter((item) => item.tags[OWNER] === this.#owner && item.tags[RESOURCE] === address);
    this.#at = address;
    if (ours.length !== 1) this.#say(`there are ${ours.length} of ${address}`);
    return ours[0];
  }

  #none(items: readonly { tags: Tags }[], addresses: readonly string[]): void {
    for (const { tags } of items) {
      const address = tags[RESOURCE] ?? "";
      if (tags[OWNER] === this.#owner && !addresses.includes(address)) this.#say(`${address} should be gone`);
    }
  }

  #tags(tags: Tags, more: Json = {}): void {
    for (const [key, value] of Object.entries({ ...mapOf(this.#spec.tags), ...more }))
      this.#equal(`tag ${key}`, value, tags[key]);
  }

  #attributes(wanted: unknown, found: Tags): void {
    for (const [key, value] of Object.entries(mapOf(wanted)))
      this.#equal(`attribute ${key}`, String(value), found[key]);
  }

  #targetGroups(): Map<string, TargetGroupView> {
    const found = new Map<string, TargetGroupView>();
    const specs = mapOf(this.#spec.targetGroups);
    for (const [name, value] of Object.entries(specs)) {
      const wanted = mapOf(value);
      const view = this.#one(this.#view.targetGroups, `targetGroups.${name}`);
      if (view === undefined) continue;
      found.set(name, view);
      const check = mapOf(wanted.healthCheck);
      const { it } = view;
      this.#equal(
        "protocol",
        [wanted.protocol, wanted.port, wanted.protocolVersion],
        [it.Protocol, it.Port, it.ProtocolVersion],
      );
      this.#equal(
        "place",
        [this.#spec.vpcId, wanted.targetType, wanted.ipAddressType],
        [it.VpcId, it.TargetType, it.IpAddressType],
      );
      this.#equal(
        "health check",
        [check.protocol, check.port, check.path, check.intervalSeconds, check.timeoutSeconds],
        [
          it.HealthCheckProtocol,
          it.HealthCheckPort,
          it.HealthCheckPath,
          it.HealthCheckIntervalSeconds,
          it.HealthCheckTimeoutSeconds,
        ],
      );
      this.#equal(
        "thresholds",
        [check.healthyThresholdCount, check.unhealthyThresholdCount],
        [it.HealthyThresholdCount, it.UnhealthyThresholdCount],
      );
      this.#equal("matcher", mapOf(check.matcher).httpCode, it.Matcher?.HttpCode);
      this.#attributes(wanted.attributes, view.attributes);
      this.#tags(view.tags);
    }
    this.#none(
      this.#view.targetGroups,
      Object.keys(specs).map((name) => `targetGroups.${name}`),
    );
    return found;
  }

  #loadBalancer(targetGroups: ReadonlyMap<string, TargetGroupView>): void {
    const wanted = mapOf(this.#spec.loadBalancer);
    const view = this.#one(this.#view.loadBalancers, "loadBalancer");
    if (view === undefined) return;
    const { it } = view;
    this.#equal(
      "scheme",
      [wanted.scheme, wanted.ipAddressType, this.#spec.vpcId],
      [it.Scheme, it.IpAddressType, it.VpcId],
    );
    this.#equal(
      "subnets",
      sorted(wanted.subnetIds ?? this.#spec.subnetIds),
      sorted((it.AvailabilityZones ?? []).map((zone) => zone.SubnetId)),
    );
    if (wanted.securityGroups !== undefined)
      this.#equal("security groups", sorted(wanted.securityGroups), sorted(it.SecurityGroups));
    this.#equal("state", "active", it.State?.Code);
    this.#attributes(wanted.attributes, view.attributes);
    this.#tags(view.tags);
    const ports = listOf(wanted.listeners);
    for (const listener of ports) this.#listener(mapOf(listener), view.listeners, targetGroups);
    this.#none(
      view.listeners,
      ports.map((listener) => `loadBalancer.listeners.${mapOf(listener).port}`),
    );
  }

  #listener(
    wanted: Json,
    views: readonly ListenerView[],
    targetGroups: ReadonlyMap<string, TargetGroupView>,
  ): void {
    const address = `loadBalancer.listeners.${wanted.port}`;
    const view = this.#one(views, address);
    if (view === undefined) return;
    const { it } = view;
    this.#equal("port", [wanted.port, wanted.protocol], [it.Port, it.Protocol]);
    const [first, ...others] = listOf(wanted.certificates);
    if (wanted.protocol === "HTTPS") {
      this.#equal("ssl policy", wanted.sslPolicy ?? "ELBSecurityPolicy-TLS13-1-2-2021-06", it.SslPolicy);
      this.#equal("certificate", first, it.Certificates?.[0]?.CertificateArn);
      const more = view.moreCertificates.filter((arn) => arn !== first);
      this.#equal("other certificates", sorted(others), sorted(more));
    }
    this.#equal(
      "default action",
      wantedAction(mapOf(wanted.defaultAction), targetGroups),
      foundAction(it.DefaultActions),
    );
    this.#tags(view.tags);
    const names = listOf(wanted.rules).map((rule) => `${address}.rules.${mapOf(rule).name}`);
    for (const value of listOf(wanted.rules)) {
      const rule = mapOf(value);
      const found = this.#one(view.rules, `${address}.rules.${rule.name}`);
      if (found === undefined) continue;
      this.#equal("priority", String(rule.priority), found.it.Priority);
      this.#equal(
        "conditions",
        sorted(listOf(rule.conditions).map((item) => wantedCondition(mapOf(item)))),
        sorted((found.it.Conditions ?? []).map(foundCondition)),
      );
      this.#equal("action", wantedAction(mapOf(rule.action), targetGroups), foundAction(found.it.Actions));
      this.#tags(found.tags);
    }
    this.#none(view.rules, names);
  }

  #groups(targetGroups: ReadonlyMap<string, TargetGroupView>): void {
    const specs = mapOf(this.#spec.autoScalingGroups);
    for (const [name, value] of Object.entries(specs)) {
      const wanted = mapOf(value);
      const view = this.#one(this.#view.groups, `autoScalingGroups.${name}`);
      if (view === undefined) continue;
      const template = this.#template(name, mapOf(wanted.launchTemplate), view);
      const { it } = view;
      this.#capacity(name, wanted, view);
      for (const [what, wants, has] of partFacts(this.#owner, wanted, view)) this.#equal(what, wants, has);
      this.#equal(
        "settings",
        [
          wanted.healthCheckType,
          wanted.healthCheckGracePeriod,
          wanted.defaultCooldown,
          wanted.terminationPolicies,
        ],
        [it.HealthCheckType, it.HealthCheckGracePeriod, it.DefaultCooldown, it.TerminationPolicies],
      );
      this.#equal(
        "protection",
        [wanted.newInstancesProtectedFromScaleIn, wanted.capacityRebalance],
        [it.NewInstancesProtectedFromScaleIn, it.CapacityRebalance ?? false],
      );
      this.#equal(
        "subnets",
        sorted(wanted.subnetIds ?? this.#spec.subnetIds),
        sorted((it.VPCZoneIdentifier ?? "").split(",")),
      );
      const arns = listOf(wanted.targetGroups).map(
        (child) => targetGroups.get(String(child))?.it.TargetGroupArn,
      );
      this.#equal("target groups", sorted(arns), sorted(it.TargetGroupARNs));
      this.#equal(
        "launch template",
        [template?.id, template?.goesBy],
        [it.LaunchTemplate?.LaunchTemplateId, it.LaunchTemplate?.Version],
      );
      this.#tags(view.tags);
      this.#instances(view, template?.version);
      this.#policies(view, name, mapOf(wanted.scalingPolicies), targetGroups);
    }
    const addresses = Object.keys(specs).map((name) => `autoScalingGroups.${name}`);
    this.#none(this.#view.groups, addresses);
    this.#none(
      this.#view.templates,
      addresses.map((address) => `${address}.launchTemplate`),
    );
  }

  #capacity(name: string, wanted: Json, { it }: GroupView): void {
    for (const [bound, found] of [
      ["minSize", it.MinSize],
      ["maxSize", it.MaxSize],
    ] as const) {
      const allowed = boundsOf(wanted, bound);
      this.#equal(bound, allowed.includes(found) ? found : allowed[0], found);
    }
    const desired = it.DesiredCapacity ?? 0;
    if (wanted.desiredCapacityPolicy === "Fixed")
      this.#equal("fixed capacity", wanted.desiredCapacity, desired);
    else if (desired < Number(it.MinSize) || desired > Number(it.MaxSize))
      this.#say(`${name} desires ${desired}`);
  }

  #instances({ it }: GroupView, version: string | undefined): void {
    for (const instance of it.Instances ?? []) {
      if (instance.LifecycleState !== "InService") continue;
      this.#equal(`version of ${instance.InstanceId}`, version, instance.LaunchTemplate?.Version);
    }
  }

  #template(
    group: string,
    wanted: Json,
    { it: { LaunchTemplate: used } }: GroupView,
  ): { id: string; version: string; goesBy: string } | undefined {
    const view = this.#one(this.#view.templates, `autoScalingGroups.${group}.launchTemplate`);
    if (view === undefined) return undefined;
    const { it, versions } = view;
    // Under a name of its own it goes on as it runs, by whatever its group calls that version.
    const byDefault = String(it.DefaultVersionNumber);
    const goesBy = (wanted.name === undefined ? undefined : used?.Version) ?? byDefault;
    const latest = Math.max(...versions.map(({ VersionNumber = 0 }) => VersionNumber));
    const version = { $Latest: String(latest), $Default: byDefault }[goesBy] ?? goesBy;
    const running = versions.find(({ VersionNumber }) => String(VersionNumber) === version);
    const data = running?.LaunchTemplateData ?? {};
    const userData =
      data.UserData === undefined ? undefined : Buffer.from(data.UserData, "base64").toString("utf8");
    this.#equal("image", [wanted.imageId, wanted.instanceType], [data.ImageId, data.InstanceType]);
    this.#equal("security groups", sorted(wanted.securityGroupIds), sorted(data.SecurityGroupIds));
    if (wanted.userData !== userData) this.#say(`${this.#at}: the user data is another one`);
    const metadata = mapOf(wanted.metadataOptions);
    const ofInstances = data.TagSpecifications?.find((item) => item.ResourceType === "instance")?.Tags ?? [];
    const made = this.#spec.defaults === "AWS" ? {} : { Name: `${this.#name}-${group}` };
    const wantedTags: Json = { ...made, ...mapOf(this.#spec.tags), ...mapOf(wanted.tags) };
    const members = [
      ...["ImageId", "InstanceType", ...this.#carried],
      ...(Object.keys(wantedTags).length === 0 ? [] : ["TagSpecifications"]),
      ...(Object.keys(metadata).length === 0 ? [] : ["MetadataOptions"]),
      ...(wanted.securityGroupIds === undefined ? [] : ["SecurityGroupIds"]),
      ...(wanted.userData === undefined ? [] : ["UserData"]),
    ];
    // A list without items is no member: the wire has no way to say it.
    const found = Object.entries(data).filter(([, value]) => !Array.isArray(value) || value.length > 0);
    this.#equal("members", sorted(members), sorted(found.map(([member]) => member)));
    this.#equal("metadata", metadata.httpTokens, data.MetadataOptions?.HttpTokens);
    this.#equal(
      "instance tags",
      wantedTags,
      Object.fromEntries(ofInstances.map((tag) => [tag.Key, tag.Value])),
    );
    this.#tags(view.tags);
    return { id: it.LaunchTemplateId ?? "", version, goesBy };
  }

  #policies(
    view: GroupView,
    group: string,
    wanted: Json,
    targetGroups: ReadonlyMap<string, TargetGroupView>,
  ): void {
    // In a group of another team's everything is what was taken over.
    const isTakenOver = mapOf(mapOf(this.#spec.autoScalingGroups)[group]).name !== undefined;
    const ours = view.policies.filter(
      (policy) => isTakenOver || policy.PolicyName?.startsWith(`${this.#owner}/`),
    );
    this.#at = `policies of ${group}`;
    const names = Object.entries(wanted).map(([name, policy]) => this.#policyName(name, mapOf(policy)));
    this.#equal("names", sorted(names), sorted(ours.map((policy) => policy.PolicyName)));
    for (const [name, value] of Object.entries(wanted)) {
      const policy = mapOf(value);
      const found = ours.find((item) => item.PolicyName === this.#policyName(name, policy));
      if (found === undefined) continue;
      this.#equal(`${name} enabled`, policy.enabled, found.Enabled);
      const [what, wants, has] = policyFacts(policy, found);
      this.#equal(`${name} ${what}`, wants, has);
    }
    void targetGroups;
  }

  #policyName(key: string, policy: Json): string {
    return String(policy.name ?? `${this.#owner}/${key}@${typeWord(policy)}`);
  }

  /** Address, AWS's name and spec of each: those of the spec, and those that policies are declared with. */
  #wantedAlarms(): { at: string; name: string; wanted: Json }[] {
    const own = Object.entries(mapOf(this.#spec.alarms)).map(([key, alarm]) => ({
      at: `alarms.${key}`,
      name: String(mapOf(alarm).name ?? `${this.#owner}/${key}`),
      wanted: mapOf(alarm),
    }));
    const groups = Object.entries(mapOf(this.#spec.autoScalingGroups));
    const ofPolicies = groups.flatMap(([group, given]) =>
      Object.entries(mapOf(mapOf(given).scalingPolicies)).flatMap(([policy, value]) =>
        ["stepScaling", "simpleScaling"].flatMap((form) => {
          const alarm = mapOf(mapOf(value)[form]).alarm;
          if (alarm === undefined) return [];
          const ref = `autoScalingGroups.${group}.scalingPolicies.${policy}`;
          const wanted = {
            dimensions: { AutoScalingGroupName: { ref: `autoScalingGroups.${group}` } },
            ...mapOf(alarm),
            alarmActions: [{ ref }, ...listOf(mapOf(alarm).alarmActions)],
          };
          const name = String(mapOf(alarm).name ?? `${this.#owner}/${group}/${policy}`);
          return [{ at: `${ref}.${form}.alarm`, name, wanted }];
        }),
      ),
    );
    return [...own, ...ofPolicies];
  }

  #alarms(targetGroups: ReadonlyMap<string, TargetGroupView>): void {
    const specs = this.#wantedAlarms();
    // An alarm under such a name and without the tag is somebody else's: the saboteur's PutMetricAlarm may come late.
    const ours = this.#view.alarms.filter((alarm) => alarm.tags[OWNER] === this.#owner);
    this.#at = "alarms";
    this.#equal(
      "names",
      sorted(specs.map(({ name }) => name)),
      sorted(ours.map((alarm) => alarm.it.AlarmName)),
    );
    for (const { at, name, wanted } of specs) {
      const view = ours.find((alarm) => alarm.it.AlarmName === name);
      if (view === undefined) continue;
      this.#at = at;
      const { it } = view;
      this.#equal(
        "metric",
        [
          wanted.namespace,
          wanted.metricName,
          wanted.statistic,
          wanted.extendedStatistic,
          wanted.period,
          wanted.evaluationPeriods,
        ],
        [it.Namespace, it.MetricName, it.Statistic, it.ExtendedStatistic, it.Period, it.EvaluationPeriods],
      );
      this.#equal(
        "threshold",
        [wanted.threshold, wanted.comparisonOperator, wanted.treatMissingData, wanted.actionsEnabled],
        [it.Threshold, it.ComparisonOperator, it.TreatMissingData ?? "missing", it.ActionsEnabled],
      );
      const dimensions = Object.entries(mapOf(wanted.dimensions)).map(
        ([key, at]) => `${key}=${this.#pointed(at, targetGroups)}`,
      );
      this.#equal(
        "dimensions",
        sorted(dimensions),
        sorted((it.Dimensions ?? []).map((item) => `${item.Name}=${item.Value}`)),
      );
      const actions = listOf(wanted.alarmActions).map((action) => this.#pointed(action, targetGroups));
      this.#equal("actions", sorted(actions), sorted(it.AlarmActions));
      this.#equal("owner", [this.#owner, at], [view.tags[OWNER], view.tags[RESOURCE]]);
      this.#tags(view.tags);
    }
  }

  /** What CloudWatch calls the sibling that a `{ ref }` names. */
  #pointed(value: unknown, targetGroups: ReadonlyMap<string, TargetGroupView>): unknown {
    if (value === null || typeof value !== "object") return value;
    const ref = String((value as Json).ref);
    const ours = <T extends { tags: Tags }>(items: readonly T[], address: string) =>
      items.find((item) => item.tags[OWNER] === this.#owner && item.tags[RESOURCE] === address);
    if (ref === "loadBalancer")
      return ours(this.#view.loadBalancers, ref)?.it.LoadBalancerArn?.split("loadbalancer/")[1];
    if (ref.startsWith("targetGroups."))
      return targetGroups.get(ref.slice(13))?.it.TargetGroupArn?.split(":").at(-1);
    const [group, policy] = ref.split(".scalingPolicies.");
    const live = ours(this.#view.groups, group ?? "");
    if (policy === undefined) return live?.it.AutoScalingGroupName;
    const key = (group ?? "").replace("autoScalingGroups.", "");
    const wanted = mapOf(mapOf(mapOf(mapOf(this.#spec.autoScalingGroups)[key]).scalingPolicies)[policy]);
    const name = this.#policyName(policy, wanted);
    return live?.policies.find((item) => item.PolicyName === name)?.PolicyARN;
  }
}
