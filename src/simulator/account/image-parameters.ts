/**
 * Parameters of Systems Manager that name images: Amazon's public one, and one of the account's own.
 * https://docs.aws.amazon.com/linux/al2023/ug/ec2.html
 */
const IMAGE_OF: Readonly<Record<string, string>> = {
  "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64": "ami-0a1202306010000a1",
  "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64": "ami-0a1202306010000a2",
  "/golden/web": "ami-12345678",
};

const PREFIX = "resolve:ssm:";

/** `resolve:ssm:<name>`, with `:<version>` or `:<label>` behind it; each has one version. */
export function imageNamedBy(given: string): string | undefined {
  if (!given.startsWith(PREFIX)) return given;
  const name = given.slice(PREFIX.length).replace(/:(1|latest)$/, "");
  return Object.hasOwn(IMAGE_OF, name) ? IMAGE_OF[name] : undefined;
}
