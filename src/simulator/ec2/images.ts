/** Images and instance types: what can be launched. Nothing here changes. */
import type { DescribeImagesCommandInput, DescribeInstanceTypesCommandInput } from "@aws-sdk/client-ec2";
import { AwsError } from "../account/aws-error.ts";
import { ACCOUNT_ID, IMAGES, INSTANCE_TYPES } from "../account/seed.ts";
import type { OperationTable } from "../services.ts";
import { ec2Page, named, passes } from "./describe-input.ts";
import { notFound } from "./not-found.ts";
import type { TagStore } from "./tags.ts";

export function buildImageOperations(tags: TagStore): OperationTable {
  return {
    DescribeImages: (input: DescribeImagesCommandInput) => {
      const asked = named(
        IMAGES,
        (image) => image.imageId,
        input.ImageIds,
        (ids) => notFound("image", ids),
      );
      const all = asked.map((image) => ({
        ImageId: image.imageId,
        Name: image.name,
        Description: `application that answers ${image.statusCode}`,
        State: "available",
        Architecture: image.architecture,
        ImageType: "machine",
        OwnerId: ACCOUNT_ID,
        Public: false,
        RootDeviceName: "/dev/xvda",
        RootDeviceType: "ebs",
        VirtualizationType: "hvm",
        Hypervisor: "xen",
        CreationDate: "2025-06-01T00:00:00.000Z",
        Tags: [...tags.of(image.imageId)],
      }));
      const found = all.filter((image) =>
        passes(
          input.Filters,
          {
            "image-id": image.ImageId,
            name: image.Name,
            state: image.State,
            architecture: image.Architecture,
            "owner-id": image.OwnerId,
            "is-public": "false",
            "virtualization-type": image.VirtualizationType,
            "root-device-type": image.RootDeviceType,
          },
          image.Tags,
        ),
      );
      const page = ec2Page(found, (image) => image.ImageId, input, { least: 1, most: 1000 });
      return { Images: page.items, NextToken: page.next };
    },
    DescribeInstanceTypes: (input: DescribeInstanceTypesCommandInput) => {
      const asked = named(
        INSTANCE_TYPES,
        (type) => type.name,
        input.InstanceTypes,
        (names) => {
          return new AwsError(
            "InvalidInstanceType",
            `The following supplied instance types do not exist: [${names.join(", ")}]`,
          );
        },
      );
      const found = asked.filter((type) =>
        passes(input.Filters, { "instance-type": type.name, "current-generation": "true" }, []),
      );
      const page = ec2Page(found, (type) => type.name, input, { least: 5, most: 100 });
      return {
        InstanceTypes: page.items.map((type) => ({
          InstanceType: type.name,
          CurrentGeneration: true,
          Hypervisor: "nitro",
          ProcessorInfo: { SupportedArchitectures: ["x86_64"] },
          VCpuInfo: { DefaultVCpus: type.vcpus },
          MemoryInfo: { SizeInMiB: type.memoryMib },
          BurstablePerformanceSupported: type.name.startsWith("t"),
        })),
        NextToken: page.next,
      };
    },
  };
}
