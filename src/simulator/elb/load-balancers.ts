/** Application Load Balancers. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html */
import type {
  CreateLoadBalancerCommandInput,
  DeleteLoadBalancerCommandInput,
  DescribeLoadBalancerAttributesCommandInput,
  DescribeLoadBalancersCommandInput,
  LoadBalancer as LoadBalancerView,
  ModifyLoadBalancerAttributesCommandInput,
  SetIpAddressTypeCommandInput,
  SetSecurityGroupsCommandInput,
  SetSubnetsCommandInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../account/aws-error.ts";
import { draw } from "../account/timings.ts";
import type { OperationTable } from "../services.ts";
import { attributeDefaults, attributeList, LOAD_BALANCER_ATTRIBUTES, setAttributes } from "./attributes.ts";
import {
  arnOf,
  atMost,
  type ElbState,
  elbPage,
  type HealthSignals,
  invalid,
  type LoadBalancer,
  loadBalancerOf,
  oneOf,
  tagMap,
} from "./state.ts";

const ADDRESS_TYPES = ["ipv4", "dualstack", "dualstack-without-public-ipv4"] as const;
/** Route 53's zone of Application Load Balancers in us-east-1: general reference, elb. */
const HOSTED_ZONE = "Z35SXDOTRQ7X7K";

/** What a subnet must have left for a load balancer. */
const FREE_ADDRESSES = 8;

interface Settings {
  readonly scheme: LoadBalancer["scheme"];
  readonly vpcId: string;
  readonly subnets: LoadBalancer["subnets"];
  readonly securityGroups: string[];
  readonly ipAddressType: string;
}

export function buildLoadBalancerOperations(state: ElbState, signals: HealthSignals): OperationTable {
  return {
    CreateLoadBalancer: (input: CreateLoadBalancerCommandInput) => {
      const name = input.Name ?? "";
      const settings = settingsOf(state, input);
      const existing = [...state.loadBalancers.values()].find((one) => one.name === name);
      if (existing !== undefined) {
        // elb/idempotent-creates
        if (isSame(existing, settings)) return { LoadBalancers: [view(existing)] };
        throw new AwsError(
          "DuplicateLoadBalancerName",
          `A load balancer with the same name '${name}' exists, but with different settings`,
        );
      }
      if (state.loadBalancers.size >= state.quotas.loadBalancers) {
        throw new AwsError("TooManyLoadBalancers", "The maximum number of load balancers has been reached");
      }
      const created = create(state, name, settings, signals);
      state.tags.set(created.arn, tagMap(input.Tags));
      return { LoadBalancers: [view(created)] };
    },
    DescribeLoadBalancers: (input: DescribeLoadBalancersCommandInput) => {
      const page = elbPage(asked(state, input), (one) => one.arn, input);
      return { LoadBalancers: page.items.map(view), NextMarker: page.next };
    },
    // elb/delete-load-balancer-idempotent
    DeleteLoadBalancer: (input: DeleteLoadBalancerCommandInput) => {
      const found = state.loadBalancers.get(input.LoadBalancerArn ?? "");
      if (found !== undefined) remove(state, found, signals);
      return {};
    },
    ...settingOperations(state, signals),
  };
}

function settingOperations(state: ElbState, signals: HealthSignals): OperationTable {
  return {
    DescribeLoadBalancerAttributes: (input: DescribeLoadBalancerAttributesCommandInput) => ({
      Attributes: attributeList(loadBalancerOf(state, input.LoadBalancerArn).attributes),
    }),
    ModifyLoadBalancerAttributes: (input: ModifyLoadBalancerAttributesCommandInput) => {
      const found = loadBalancerOf(state, input.LoadBalancerArn);
      setAttributes(found.attributes, input.Attributes);
      return { Attributes: attributeList(found.attributes) };
    },
    SetSubnets: (input: SetSubnetsCommandInput) => {
      const found = loadBalancerOf(state, input.LoadBalancerArn);
      const present = found.subnets.map((subnet) => subnet.subnetId);
      const { subnets, vpcId } = subnetsOf(state, subnetIds(input), present);
      if (vpcId !== found.vpcId) throw new AwsError("InvalidSubnet", "The subnets are in another VPC");
      if (input.IpAddressType !== undefined)
        found.ipAddressType = addressType(input.IpAddressType, found.scheme);
      found.subnets = subnets;
      signals.referencesChanged();
      return { AvailabilityZones: zonesView(found), IpAddressType: found.ipAddressType };
    },
    SetSecurityGroups: (input: SetSecurityGroupsCommandInput) => {
      const found = loadBalancerOf(state, input.LoadBalancerArn);
      found.securityGroups = groupsOf(state, input.SecurityGroups, found.vpcId);
      return { SecurityGroupIds: [...found.securityGroups] };
    },
    SetIpAddressType: (input: SetIpAddressTypeCommandInput) => {
      const found = loadBalancerOf(state, input.LoadBalancerArn);
      found.ipAddressType = addressType(input.IpAddressType ?? "", found.scheme);
      return { IpAddressType: found.ipAddressType };
    },
  };
}

function create(state: ElbState, name: string, settings: Settings, signals: HealthSignals): LoadBalancer {
  const { context } = state;
  const dimension = `app/${name}/${context.id(16)}`;
  const attributes = attributeDefaults(LOAD_BALANCER_ATTRIBUTES);
  attributes.set("ipv6.deny_all_igw_traffic", String(settings.scheme === "internal"));
  const prefix = settings.scheme === "internal" ? "internal-" : "";
  const number = Number.parseInt(context.id(8), 16);
  const created: LoadBalancer = {
    arn: arnOf(context, `loadbalancer/${dimension}`),
    name,
    dimension,
    dnsName: `${prefix}${name}-${number}.${context.region}.elb.amazonaws.com`,
    createdAtMs: context.clock.nowMs(),
    attributes,
    state: "provisioning",
    ...settings,
    cancelProvisioning: () => undefined,
  };
  // elb/provisioning
  created.cancelProvisioning = context.clock.schedule(
    draw(state.timings.loadBalancerProvisioning, context.rng),
    () => {
      created.state = "active";
      signals.referencesChanged();
    },
  );
  state.loadBalancers.set(created.arn, created);
  return created;
}

/** elb/delete-load-balancer-listeners */
function remove(state: ElbState, found: LoadBalancer, signals: HealthSignals): void {
  // elb/deletion-protection
  if (found.attributes.get("deletion_protection.enabled") === "true") {
    throw new AwsError(
      "OperationNotPermitted",
      `Load balancer '${found.arn}' cannot be deleted because deletion protection is enabled`,
    );
  }
  for (const rule of state.rules.values()) {
    if (rule.listener.loadBalancer === found) forget(state, state.rules, rule.arn);
  }
  for (const listener of state.listeners.values()) {
    if (listener.loadBalancer === found) forget(state, state.listeners, listener.arn);
  }
  found.cancelProvisioning();
  forget(state, state.loadBalancers, found.arn);
  signals.referencesChanged();
}

function forget(state: ElbState, all: Map<string, unknown>, arn: string): void {
  all.delete(arn);
  state.tags.delete(arn);
}

function settingsOf(state: ElbState, input: CreateLoadBalancerCommandInput): Settings {
  if (input.Type !== undefined && input.Type !== "application") {
    throw new AwsError(
      "InvalidConfigurationRequest",
      `This simulated account has load balancers of type 'application' only, not '${input.Type}'`,
    );
  }
  const scheme = input.Scheme ?? "internet-facing";
  const { subnets, vpcId } = subnetsOf(state, subnetIds(input));
  // elb/internet-gateway
  if (scheme === "internet-facing" && !state.parts.ec2.hasInternetGateway(vpcId)) {
    throw new AwsError("InvalidSubnet", `VPC ${vpcId} has no internet gateway`);
  }
  return {
    scheme,
    vpcId,
    subnets,
    securityGroups: groupsOf(state, input.SecurityGroups, vpcId),
    ipAddressType: addressType(input.IpAddressType ?? "ipv4", scheme),
  };
}

function subnetIds(input: Pick<SetSubnetsCommandInput, "Subnets" | "SubnetMappings">): string[] {
  const listed = input.Subnets ?? [];
  const mapped = input.SubnetMappings ?? [];
  return listed.length > 0 ? listed : mapped.map((one) => one.SubnetId ?? "");
}

/**
 * elb/two-zones, elb/one-subnet-per-zone
 * @param present those that the load balancer is in already, whose addresses it has
 */
function subnetsOf(
  state: ElbState,
  ids: readonly string[],
  present: readonly string[] = [],
): Pick<Settings, "subnets" | "vpcId"> {
  const found = ids.map((id) => {
    const subnet = state.parts.ec2.subnet(id);
    if (subnet === undefined) throw new AwsError("SubnetNotFound", `The subnet ID '${id}' does not exist`);
    return subnet;
  });
  const zones = new Set(found.map((one) => one.availabilityZone));
  if (zones.size < found.length) {
    throw new AwsError(
      "InvalidConfigurationRequest",
      "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
    );
  }
  const first = found[0];
  if (first === undefined || zones.size < 2) {
    throw invalid("At least two subnets in two different Availability Zones must be specified");
  }
  if (found.some((one) => one.vpcId !== first.vpcId)) {
    throw new AwsError("InvalidSubnet", "All subnets must be in the same VPC");
  }
  // elb/free-addresses
  const narrow = found.find((one) => !present.includes(one.subnetId) && one.freeAddresses() < FREE_ADDRESSES);
  if (narrow !== undefined) {
    throw new AwsError(
      "InvalidSubnet",
      `Not enough IP space available in ${narrow.subnetId}. ELB requires at least ${FREE_ADDRESSES} free IP addresses in each subnet.`,
    );
  }
  return {
    vpcId: first.vpcId,
    subnets: found.map((one) => ({ subnetId: one.subnetId, zone: one.availabilityZone })),
  };
}

function groupsOf(state: ElbState, given: readonly string[] | undefined, vpcId: string): string[] {
  if (given === undefined || given.length === 0) {
    return [state.parts.ec2.defaultSecurityGroup(vpcId)];
  }
  for (const id of given) {
    const group = state.parts.ec2.securityGroup(id);
    if (group === undefined)
      throw new AwsError("InvalidSecurityGroup", `The security group '${id}' does not exist`);
    if (group.vpcId !== vpcId) {
      throw new AwsError("InvalidConfigurationRequest", `The security group '${id}' is in another VPC`);
    }
  }
  return [...new Set(given)];
}

function addressType(value: string, scheme: LoadBalancer["scheme"]): string {
  const type = oneOf(value, ADDRESS_TYPES, "The IP address type");
  if (type === "dualstack-without-public-ipv4" && scheme === "internal") {
    throw new AwsError(
      "InvalidConfigurationRequest",
      `The IP address type '${type}' is for internet-facing load balancers`,
    );
  }
  return type;
}

function isSame(one: LoadBalancer, settings: Settings): boolean {
  const sorted = (list: readonly string[]): string => [...list].sort().join();
  return (
    one.scheme === settings.scheme &&
    one.ipAddressType === settings.ipAddressType &&
    sorted(one.securityGroups) === sorted(settings.securityGroups) &&
    sorted(one.subnets.map((subnet) => subnet.subnetId)) ===
      sorted(settings.subnets.map((subnet) => subnet.subnetId))
  );
}

function asked(state: ElbState, input: DescribeLoadBalancersCommandInput): readonly LoadBalancer[] {
  const all = [...state.loadBalancers.values()];
  const { LoadBalancerArns: arns = [], Names: names = [] } = input;
  if (arns.length > 0 && names.length > 0) {
    throw invalid("Load balancer names and load balancer ARNs cannot be specified at the same time");
  }
  atMost(arns, 20, "load balancers");
  // elb/describe-not-found
  if (arns.length > 0) return arns.map((arn) => loadBalancerOf(state, arn));
  return names.length === 0
    ? all
    : names.map((name) => {
        const found = all.find((one) => one.name === name);
        if (found === undefined)
          throw new AwsError("LoadBalancerNotFound", `Load balancers '[${name}]' not found`);
        return found;
      });
}

function zonesView(one: LoadBalancer): object[] {
  // elb/unordered-lists
  return [...one.subnets]
    .sort((a, b) => (a.zone < b.zone ? 1 : -1))
    .map((subnet) => ({ ZoneName: subnet.zone, SubnetId: subnet.subnetId, LoadBalancerAddresses: [] }));
}

function view(one: LoadBalancer): LoadBalancerView {
  return {
    LoadBalancerArn: one.arn,
    DNSName: one.dnsName,
    CanonicalHostedZoneId: HOSTED_ZONE,
    CreatedTime: new Date(one.createdAtMs),
    LoadBalancerName: one.name,
    Scheme: one.scheme,
    VpcId: one.vpcId,
    State: { Code: one.state },
    Type: "application",
    AvailabilityZones: zonesView(one),
    SecurityGroups: [...one.securityGroups],
    IpAddressType: one.ipAddressType as NonNullable<LoadBalancerView["IpAddressType"]>,
  };
}
