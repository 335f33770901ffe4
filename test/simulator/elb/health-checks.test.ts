import { describe, expect, it } from "vitest";
import { buildLab, buildWeb, health, type Lab, launch, WEB } from "../support.ts";

const ELB = "elasticloadbalancing:";

async function registered(lab: Lab, group: string, subnet?: string, image?: string): Promise<string> {
  const id = await launch(lab, subnet, image);
  await lab.call(`${ELB}RegisterTargets`, { TargetGroupArn: group, Targets: [{ Id: id }] });
  return id;
}

describe("target health", () => {
  it("is initial after registration, and healthy after one passed check", async () => {
    const lab = buildLab();
    const { group } = await buildWeb(lab);
    const id = await registered(lab, group);
    expect(await health(lab, group, id)).toBe("initial Elb.RegistrationInProgress");
    await lab.clock.advance(9_000);
    expect(await health(lab, group, id)).toBe("healthy");
  });

  it("is unhealthy after two failed checks with the reason of the failure, and healthy after three passed ones", async () => {
    const lab = buildLab();
    const { group } = await buildWeb(lab);
    const id = await registered(lab, group);
    await lab.clock.advance(60_000);
    lab.account.control.breakApplication(id, { kind: "status", statusCode: 500 });
    await lab.clock.advance(9_900);
    expect(await health(lab, group, id)).toBe("healthy");
    await lab.clock.advance(10_000);
    expect(await health(lab, group, id)).toBe("unhealthy Target.ResponseCodeMismatch");
    lab.account.control.mendApplication(id);
    await lab.clock.advance(19_000);
    expect(await health(lab, group, id)).toBe("unhealthy Target.ResponseCodeMismatch");
    await lab.clock.advance(11_000);
    expect(await health(lab, group, id)).toBe("healthy");
  });

  it("tells a refused connection from one that is never answered", async () => {
    const lab = buildLab();
    const { group } = await buildWeb(lab);
    const id = await registered(lab, group);
    await lab.clock.advance(60_000);
    lab.account.control.breakApplication(id, { kind: "refuse" });
    await lab.clock.advance(21_000);
    expect(await health(lab, group, id)).toBe("unhealthy Target.FailedHealthChecks");
    lab.account.control.breakApplication(id, { kind: "timeout" });
    await lab.clock.advance(16_000);
    expect(await health(lab, group, id)).toBe("unhealthy Target.Timeout");
  });

  it("never becomes healthy when the image's application answers 500", async () => {
    const lab = buildLab();
    const { group } = await buildWeb(lab);
    const id = await registered(lab, group, "subnet-1a", "ami-0bad0bad");
    await lab.clock.advance(600_000);
    expect(await health(lab, group, id)).toBe("unhealthy Target.ResponseCodeMismatch");
  });

  it("accepts the codes that the matcher names", async () => {
    const lab = buildLab();
    const { group } = await buildWeb(lab);
    const id = await registered(lab, group);
    await lab.clock.advance(60_000);
    lab.account.control.breakApplication(id, { kind: "status", statusCode: 302 });
    await lab.clock.advance(60_000);
    expect(await health(lab, group, id)).toBe("unhealthy Target.ResponseCodeMismatch");
    await lab.call(`${ELB}ModifyTargetGroup`, {
      TargetGroupArn: group,
      Matcher: { HttpCode: "200,301-302" },
    });
    await lab.clock.advance(40_000);
    expect(await health(lab, group, id)).toBe("healthy");
  });

  it("costs no timer while a target stays as it is", async () => {
    const lab = buildLab();
    const { group } = await buildWeb(lab);
    const id = await registered(lab, group);
    await lab.call(`${ELB}ModifyTargetGroup`, { TargetGroupArn: group, HealthCheckPath: "/health" });
    await lab.clock.advance(600_000);
    let asked = 0;
    const { ec2 } = lab.account.parts;
    const respond = ec2.respond;
    ec2.respond = (id, port, path) => {
      if (path === "/health") asked += 1;
      return respond(id, port, path);
    };
    await lab.clock.advance(3_600_000);
    expect(asked).toBe(0);
    expect(await health(lab, group, id)).toBe("healthy");
  });

  it("is unused while no listener or rule refers to the group, and starts anew when one does", async () => {
    const lab = buildLab();
    const { group, listener: ListenerArn } = await buildWeb(lab);
    const id = await registered(lab, group);
    await lab.clock.advance(60_000);
    await lab.call(`${ELB}DeleteListener`, { ListenerArn });
    expect(await health(lab, group, id)).toBe("unused Target.NotInUse");
  });

  it("waits for the load balancer to be active", async () => {
    const lab = buildLab();
    const { group, listener: ListenerArn, loadBalancer } = await buildWeb(lab);
    const id = await registered(lab, group);
    await lab.call(`${ELB}DeleteLoadBalancer`, { LoadBalancerArn: loadBalancer });
    expect(await lab.refusal(`${ELB}DeleteListener`, { ListenerArn })).toBe("ListenerNotFound");
    const { LoadBalancers } = await lab.call<{ LoadBalancers: { LoadBalancerArn: string }[] }>(
      `${ELB}CreateLoadBalancer`,
      { Name: "two", Subnets: WEB.subnets },
    );
    await lab.call(`${ELB}CreateListener`, {
      LoadBalancerArn: LoadBalancers[0]!.LoadBalancerArn,
      Port: 80,
      Protocol: "HTTP",
      DefaultActions: [{ Type: "forward", TargetGroupArn: group }],
    });
    await lab.clock.advance(100_000);
    expect(await health(lab, group, id)).toBe("initial Elb.RegistrationInProgress");
    await lab.clock.advance(100_000);
    expect(await health(lab, group, id)).toBe("healthy");
  });

  it("is unused in a zone that the load balancer does not have", async () => {
    const lab = buildLab();
    const { group, loadBalancer: LoadBalancerArn } = await buildWeb(lab);
    const id = await registered(lab, group, "subnet-1c");
    await lab.clock.advance(60_000);
    expect(await health(lab, group, id)).toBe("healthy");
    await lab.call(`${ELB}SetSubnets`, { LoadBalancerArn, Subnets: ["subnet-1a", "subnet-1b"] });
    expect(await health(lab, group, id)).toBe("unused Target.NotInUse");
  });

  it("is unused when the instance is stopped, and the target leaves when the instance is gone for good", async () => {
    const lab = buildLab();
    const { group } = await buildWeb(lab);
    const id = await registered(lab, group);
    await lab.clock.advance(60_000);
    await lab.call("ec2:StopInstances", { InstanceIds: [id] });
    expect(await health(lab, group, id)).toBe("unused Target.InvalidState");
    await lab.call("ec2:TerminateInstances", { InstanceIds: [id] });
    await lab.clock.advance(4_200_000);
    expect(await health(lab, group, id)).toBe("unused Target.NotRegistered");
  });

  it("is draining for the deregistration delay", async () => {
    const lab = buildLab();
    const { group } = await buildWeb(lab);
    const id = await registered(lab, group);
    await lab.clock.advance(60_000);
    await lab.call(`${ELB}ModifyTargetGroupAttributes`, {
      TargetGroupArn: group,
      Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "30" }],
    });
    let drained = false;
    lab.account.parts.elb.deregister(group, id, () => {
      drained = true;
    });
    await lab.clock.advance(29_000);
    expect(await health(lab, group, id)).toBe("draining Target.DeregistrationInProgress");
    expect(drained).toBe(false);
    await lab.clock.advance(1_000);
    expect(await health(lab, group, id)).toBe("unused Target.NotRegistered");
    expect(drained).toBe(true);
  });

  it("starts anew when a draining target is registered again", async () => {
    const lab = buildLab();
    const { group } = await buildWeb(lab);
    const id = await registered(lab, group);
    await lab.clock.advance(60_000);
    await lab.call(`${ELB}DeregisterTargets`, { TargetGroupArn: group, Targets: [{ Id: id }] });
    await lab.call(`${ELB}RegisterTargets`, { TargetGroupArn: group, Targets: [{ Id: id }] });
    await lab.clock.advance(400_000);
    expect(await health(lab, group, id)).toBe("healthy");
  });
});

describe("registration", () => {
  it("takes running instances only, and lets go of unknown ones with success", async () => {
    const lab = buildLab();
    const { group: TargetGroupArn } = await buildWeb(lab);
    const id = await launch(lab);
    await lab.call("ec2:StopInstances", { InstanceIds: [id] });
    expect(await lab.refusal(`${ELB}RegisterTargets`, { TargetGroupArn, Targets: [{ Id: id }] })).toBe(
      "InvalidTarget",
    );
    expect(
      await lab.refusal(`${ELB}RegisterTargets`, {
        TargetGroupArn,
        Targets: [{ Id: "i-0123456789abcdef0" }],
      }),
    ).toBe("InvalidTarget");
    await lab.call(`${ELB}DeregisterTargets`, { TargetGroupArn, Targets: [{ Id: id }] });
  });
});
