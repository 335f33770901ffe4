/**
 * What a failed launch says, against AWS's troubleshooting pages ts-as-instancelaunchfailure.html and ts-as-ami.html of
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/. Where the page gives an older wording than EC2's API now
 * answers with (images), the API's stands, since Auto Scaling passes it on.
 */
import { describe, expect, it } from "vitest";
import { buildLab, type Lab } from "../support.ts";
import { activities, ask, GROUP, MINUTE } from "./support.ts";

const DATA = { ImageId: "ami-12345678", InstanceType: "t3.medium" };

/** What the activity says once what the template names is gone. */
async function textAfter(data: object, mend: (lab: Lab) => Promise<unknown>): Promise<string | undefined> {
  const lab = buildLab();
  await lab.call("ec2:CreateLaunchTemplate", {
    LaunchTemplateName: "web",
    LaunchTemplateData: { ...DATA, ...data },
  });
  await lab.call("autoscaling:CreateAutoScalingGroup", { ...GROUP, MinSize: 0 });
  await mend(lab);
  await ask(lab, "SetDesiredCapacity", { DesiredCapacity: 1 });
  await lab.clock.advance(MINUTE);
  const [last] = await activities(lab);
  expect(last?.StatusCode).toBe("Failed");
  expect(last?.Description).toBe(`Launching a new EC2 instance.  Status Reason: ${last?.StatusMessage}`);
  return last?.StatusMessage;
}

describe("a launch that EC2 refuses says", () => {
  it("that the key pair does not exist", async () => {
    const text = await textAfter({ KeyName: "holdfast" }, (lab) =>
      lab.call("ec2:DeleteKeyPair", { KeyName: "holdfast" }),
    );
    expect(text).toBe("The key pair 'holdfast' does not exist. Launching EC2 instance failed.");
  });

  it("that the security group does not exist", async () => {
    const text = await textAfter({ SecurityGroupIds: ["sg-12345678"] }, (lab) =>
      lab.call("ec2:DeleteSecurityGroup", { GroupId: "sg-12345678" }),
    );
    expect(text).toBe("The security group 'sg-12345678' does not exist. Launching EC2 instance failed.");
  });

  it("that the image does not exist", async () => {
    const text = await textAfter({}, (lab) => lab.call("ec2:DeregisterImage", { ImageId: "ami-12345678" }));
    expect(text).toBe("The image id '[ami-12345678]' does not exist. Launching EC2 instance failed.");
  });
});
