/**
 * Parameters of Systems Manager that name images, before anybody writes one: Amazon's public ones, and one of the
 * account's own (ssm/image-parameters).
 * https://docs.aws.amazon.com/linux/al2023/ug/ec2.html
 */
export const IMAGE_PARAMETERS: Readonly<Record<string, string>> = {
  "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64": "ami-0a1202306010000a1",
  "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64": "ami-0a1202306010000a2",
  "/golden/web": "ami-12345678",
};
