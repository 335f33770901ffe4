/** AWS's words of launches that failed, told apart. */
import { describe, expect, it } from "vitest";
import { withHelp } from "../../src/health/launch-trouble.ts";

/** As AWS's pages on troubleshooting have them (…/ec2/userguide/CHAP_Troubleshooting.html), and EC2's own messages. */
const WORDS: readonly [words: string, is: string | undefined][] = [
  [
    "We currently do not have sufficient m5.large capacity in the Availability Zone you requested (us-east-1a). Launching EC2 instance failed",
    "capacity",
  ],
  [
    "Your requested instance type (m1.small) is not supported in your requested Availability Zone (us-east-1e)",
    "capacity",
  ],
  ["There is no Spot capacity available that matches your request", "spot"],
  [
    "Your Spot request price of 0.015 is lower than the minimum required Spot request fulfillment price of 0.0735",
    "spot",
  ],
  [
    "Could not launch Spot Instances. MaxSpotInstanceCountExceeded - Max spot instance count exceeded",
    "spot",
  ],
  [
    "You have requested more vCPU capacity than your current vCPU limit of 32 allows for the instance bucket that the specified instance type belongs to",
    "quota",
  ],
  ["20 instance(s) are already running. Launching EC2 instance failed", "quota"],
  ["The image id '[ami-12345678]' does not exist", "image"],
  ["AMI ami-12345678 is pending, and cannot be run", "image"],
  ["The snapshot 'snap-0123' does not exist", "image"],
  [
    "Value (web) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
    "profile",
  ],
  [
    "There are not enough free addresses in subnet 'subnet-1a' to satisfy the requested number of instances",
    "addresses",
  ],
  [
    "The requested configuration is currently not supported. Please check the documentation for supported configurations. Launching EC2 instance failed.",
    "configuration",
  ],
  ["The security group 'sg-1' does not exist", "network"],
  ["The key pair 'ops' does not exist", "network"],
  ["Client.InternalError: Client error on launch", "key"],
  ["You are not authorized to perform this operation", "permission"],
  ["Something that nobody has seen before", undefined],
];

const HELPS: Readonly<Record<string, string>> = {
  spot: "it is Spot's",
  quota: "a quota of the account",
  addresses: "no addresses left",
  capacity: "none of that type there",
  profile: "mend iamInstanceProfile",
  image: "mend imageId",
  configuration: "do not go together",
  key: "a grant for it",
  permission: "see its permissions",
  network: "is not there: mend it",
};

describe("a launch that failed is told in AWS's words, with what helps", () => {
  it.each(WORDS)("%s", (words, is) => {
    const told = withHelp(words);
    if (is === undefined) expect(told).toBe(words);
    else {
      expect(told.startsWith(`${words} (`)).toBe(true);
      expect(told).toContain(HELPS[is]);
    }
  });
});
