import { type Account, type AccountOptions, buildAccount } from "../../src/simulator/account.ts";
import type { ServiceName } from "../../src/simulator/services.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

/** The generator of the C standard's example, good enough to draw jitter from. */
export function seeded(seed: number): { next(): number } {
  let state = seed >>> 0;
  return {
    next: () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    },
  };
}

export interface Lab {
  readonly clock: VirtualClock;
  readonly account: Account;
  /** The output of a call, in virtual time. */
  call<T = Record<string, never>>(operation: string, input?: object): Promise<T>;
  /** The code of the error that a call must end with. */
  refusal(operation: string, input?: object): Promise<string>;
}

export function buildLab(options: Partial<AccountOptions> & { seed?: number } = {}): Lab {
  const clock = new VirtualClock();
  const account = buildAccount({ clock, rng: seeded(options.seed ?? 1), throttle: false, ...options });
  const call = <T>(operation: string, input: object = {}): Promise<T> => {
    const [service, name] = operation.split(":") as [ServiceName, string];
    return clock.resolve(account.call(service, name, input)) as Promise<T>;
  };
  return {
    clock,
    account,
    call,
    refusal: async (operation, input) => {
      try {
        await call(operation, input);
      } catch (error) {
        return (error as { code?: string }).code ?? String(error);
      }
      return "no error";
    },
  };
}

export const WEB = {
  vpc: "vpc-12345678",
  subnets: ["subnet-1a", "subnet-1b", "subnet-1c"],
  certificate: "arn:aws:acm:us-east-1:123456789012:certificate/abc-123",
  otherCertificate: "arn:aws:acm:us-east-1:123456789012:certificate/def-456",
};

/** A load balancer that forwards port 80 to a target group, active already. */
export async function buildWeb(lab: Lab): Promise<{ loadBalancer: string; group: string; listener: string }> {
  const { LoadBalancers } = await lab.call<{ LoadBalancers: { LoadBalancerArn: string }[] }>(
    "elasticloadbalancing:CreateLoadBalancer",
    { Name: "web", Subnets: WEB.subnets, SecurityGroups: ["sg-alb-12345678"] },
  );
  const { TargetGroups } = await lab.call<{ TargetGroups: { TargetGroupArn: string }[] }>(
    "elasticloadbalancing:CreateTargetGroup",
    {
      Name: "web",
      Protocol: "HTTP",
      Port: 8080,
      VpcId: WEB.vpc,
      HealthyThresholdCount: 3,
      UnhealthyThresholdCount: 2,
      HealthCheckIntervalSeconds: 10,
    },
  );
  const loadBalancer = LoadBalancers[0]!.LoadBalancerArn;
  const group = TargetGroups[0]!.TargetGroupArn;
  const { Listeners } = await lab.call<{ Listeners: { ListenerArn: string }[] }>(
    "elasticloadbalancing:CreateListener",
    {
      LoadBalancerArn: loadBalancer,
      Protocol: "HTTP",
      Port: 80,
      DefaultActions: [{ Type: "forward", TargetGroupArn: group }],
    },
  );
  await lab.clock.advance(200_000);
  return { loadBalancer, group, listener: Listeners[0]!.ListenerArn };
}

/** Instances that run and whose application has booted. */
export async function launch(lab: Lab, subnet = "subnet-1a", image = "ami-12345678"): Promise<string> {
  const { Instances } = await lab.call<{ Instances: { InstanceId: string }[] }>("ec2:RunInstances", {
    ImageId: image,
    InstanceType: "t3.micro",
    SubnetId: subnet,
    MinCount: 1,
    MaxCount: 1,
  });
  await lab.clock.advance(300_000);
  return Instances[0]!.InstanceId;
}

interface Health {
  TargetHealthDescriptions: { Target: { Id: string }; TargetHealth: { State: string; Reason?: string } }[];
}

export async function health(lab: Lab, group: string, id: string): Promise<string> {
  const { TargetHealthDescriptions: all } = await lab.call<Health>(
    "elasticloadbalancing:DescribeTargetHealth",
    {
      TargetGroupArn: group,
      Targets: [{ Id: id }],
    },
  );
  const { State, Reason } = all[0]!.TargetHealth;
  return Reason === undefined ? State : `${State} ${Reason}`;
}

/** How an SDK's client reaches an account that is served there. */
export function clientConfig(endpoint: string) {
  return {
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "AKIATEST", secretAccessKey: "secret" },
    maxAttempts: 1,
  };
}

/** An Auto Scaling group `web` in one subnet, with a template of its own. */
export async function makeGroup(
  lab: Lab,
  sizes: { readonly MinSize: number; readonly MaxSize: number; readonly DesiredCapacity?: number },
): Promise<void> {
  await lab.call("ec2:CreateLaunchTemplate", {
    LaunchTemplateName: "web",
    LaunchTemplateData: { ImageId: "ami-12345678", InstanceType: "t3.micro" },
  });
  await lab.call("autoscaling:CreateAutoScalingGroup", {
    AutoScalingGroupName: "web",
    ...sizes,
    VPCZoneIdentifier: "subnet-1a",
    LaunchTemplate: { LaunchTemplateName: "web", Version: "1" },
  });
}
