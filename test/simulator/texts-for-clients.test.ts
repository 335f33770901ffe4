/**
 * Refusals that clients tell apart by a piece of AWS's text, because the code alone says too little. What each looks
 * for is in Terraform's provider (internal/service/{elbv2,autoscaling,ec2} of hashicorp/terraform-provider-aws).
 */
import { describe, expect, it } from "vitest";
import { groupLab, inService, MINUTE, type WebLab, webLab } from "./autoscaling/support.ts";
import { makeGroup, makeTable, makeVpc, refused } from "./ec2/network/support.ts";
import { buildLab, buildWeb, type Lab, WEB } from "./support.ts";

/** The operation's refusal of an input: its code, and what a client finds in its text. */
type Case = readonly [operation: string, input: object, code: string, text: RegExp];

async function expectRefusals(lab: Lab, cases: readonly Case[]): Promise<void> {
  for (const [operation, input, code, text] of cases) {
    const answer = await refused(lab, operation, input);
    expect(answer, operation).toMatch(new RegExp(`^${code}: .*(?:${text.source})`));
  }
}

describe("the text by which clients know a refusal is AWS's", () => {
  it("of load balancers: unknown attributes, groups in use, the default certificate", async () => {
    const lab = buildLab();
    const { loadBalancer: LoadBalancerArn, group: TargetGroupArn } = await buildWeb(lab);
    const Certificates = [{ CertificateArn: WEB.certificate }];
    const { Listeners } = await lab.call<{ Listeners: { ListenerArn: string }[] }>(
      "elasticloadbalancing:CreateListener",
      {
        LoadBalancerArn,
        Port: 443,
        Protocol: "HTTPS",
        Certificates,
        DefaultActions: [{ Type: "forward", TargetGroupArn }],
      },
    );
    const { ListenerArn } = Listeners[0]!;
    const { Instances } = await lab.call<{ Instances: { InstanceId: string }[] }>("ec2:RunInstances", {
      ImageId: "ami-12345678",
      InstanceType: "t3.micro",
      MinCount: 1,
      MaxCount: 1,
    });
    const attribute = (Key: string): object => ({ LoadBalancerArn, Attributes: [{ Key, Value: "1" }] });
    const modify = "elasticloadbalancing:ModifyLoadBalancerAttributes";
    await expectRefusals(lab, [
      [
        modify,
        attribute("routing.http.new"),
        "ValidationError",
        /attribute key 'routing.http.new' is not recognized/,
      ],
      [
        modify,
        attribute("dns_record.client_routing_policy"),
        "InvalidConfigurationRequest",
        /attribute key 'dns_record.client_routing_policy' is not supported/,
      ],
      [
        "elasticloadbalancing:DeleteTargetGroup",
        { TargetGroupArn },
        "ResourceInUse",
        /is currently in use by a listener or a rule/,
      ],
      [
        "elasticloadbalancing:RemoveListenerCertificates",
        { ListenerArn, Certificates },
        "OperationNotPermitted",
        /Default certificate cannot be removed/,
      ],
      [
        "elasticloadbalancing:RegisterTargets",
        { TargetGroupArn, Targets: [{ Id: Instances[0]!.InstanceId }] },
        "InvalidTarget",
        /are not in a running state and cannot be registered/,
      ],
    ]);
  });

  it("of groups: what is not there, strangers, and too many at once", async () => {
    const lab: WebLab = await webLab();
    const AutoScalingGroupName = "web";
    const [id = ""] = await inService(lab);
    const protect = (...InstanceIds: string[]): object => ({
      AutoScalingGroupName,
      InstanceIds,
      ProtectedFromScaleIn: false,
    });
    await lab.call("autoscaling:EnterStandby", {
      AutoScalingGroupName,
      InstanceIds: [id],
      ShouldDecrementDesiredCapacity: false,
    });
    await lab.clock.advance(MINUTE);
    const TargetGroupARNs = Array.from({ length: 11 }, (_, index) => `arn:${index}`);
    await expectRefusals(lab, [
      [
        "autoscaling:DeleteAutoScalingGroup",
        { AutoScalingGroupName: "none" },
        "ValidationError",
        /not found/,
      ],
      [
        "autoscaling:DeletePolicy",
        { AutoScalingGroupName, PolicyName: "none" },
        "ValidationError",
        /not found/,
      ],
      [
        "autoscaling:DeleteScheduledAction",
        { AutoScalingGroupName, ScheduledActionName: "none" },
        "ValidationError",
        /not found/,
      ],
      [
        "autoscaling:SetInstanceProtection",
        protect("i-00000000000000000"),
        "ValidationError",
        /not part of Auto Scaling group/,
      ],
      [
        "autoscaling:AttachLoadBalancerTargetGroups",
        { AutoScalingGroupName, TargetGroupARNs },
        "ValidationError",
        /update too many/,
      ],
      [
        "autoscaling:DetachLoadBalancerTargetGroups",
        { AutoScalingGroupName, TargetGroupARNs: ["arn:other"] },
        "ValidationError",
        /Trying to remove Target Groups that are not part of the group/,
      ],
      ["autoscaling:DeleteAutoScalingGroup", { AutoScalingGroupName }, "ResourceInUse", /instances/],
    ]);
  });

  it("of launches and networks: profiles, local routes, rules that are not there", async () => {
    const lab = await groupLab();
    const vpc = await makeVpc(lab);
    const RouteTableId = await makeTable(lab, vpc);
    const GroupId = await makeGroup(lab, vpc);
    const launch = { ImageId: "ami-12345678", InstanceType: "t3.micro", MinCount: 1, MaxCount: 1 };
    const everywhere = { IpProtocol: "-1", Ipv6Ranges: [{ CidrIpv6: "::/0" }] };
    await expectRefusals(lab, [
      [
        "ec2:RunInstances",
        { ...launch, IamInstanceProfile: { Name: "none" } },
        "InvalidParameterValue",
        /Invalid IAM Instance Profile/,
      ],
      [
        "ec2:DeleteRoute",
        { RouteTableId, DestinationCidrBlock: "10.7.0.0/16" },
        "InvalidParameterValue",
        /cannot remove local route/,
      ],
      // Sent for every new group; in a VPC without IPv6 there is no such rule.
      [
        "ec2:RevokeSecurityGroupEgress",
        { GroupId, IpPermissions: [everywhere] },
        "InvalidPermission.NotFound",
        /does not exist in this security group/,
      ],
      [
        "autoscaling:CreateAutoScalingGroup",
        {
          AutoScalingGroupName: "other",
          MinSize: 0,
          MaxSize: 0,
          AvailabilityZones: ["us-east-1a"],
          LaunchTemplate: { LaunchTemplateName: "none" },
        },
        "ValidationError",
        /You must use a valid fully-formed launch template/,
      ],
    ]);
  });
});
