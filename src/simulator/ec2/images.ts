/** Images: what can be launched. */
import type { DeregisterImageCommandInput, DescribeImagesCommandInput, Image } from "@aws-sdk/client-ec2";
import { AwsError } from "../account/aws-error.ts";
import { ACCOUNT_ID, IMAGES, type SeedImage } from "../account/seed.ts";
import type { OperationTable } from "../services.ts";
import { ec2Page, named } from "./describe-input.ts";
import { filtered } from "./filters/filtered.ts";
import { IMAGE_FILTERS } from "./filters/images.ts";
import { notFound } from "./not-found.ts";
import type { TagStore } from "./tags.ts";

export interface Images {
  readonly operations: OperationTable;
  find(imageId: string): SeedImage | undefined;
}

export function buildImages(tags: TagStore): Images {
  const images = new Map(IMAGES.map((image) => [image.imageId, image]));
  const operations: OperationTable = {
    DescribeImages: (input: DescribeImagesCommandInput) => {
      const asked = named(
        [...images.values()],
        (image) => image.imageId,
        input.ImageIds,
        (ids) => notFound("image", ids),
      );
      const owners = (input.Owners ?? []).map(checkedOwner);
      const launchers = input.ExecutableUsers ?? [];
      const all = asked
        .filter((image) => owners.length === 0 || owners.some((owner) => isOwner(image, owner)))
        .filter((image) => launchers.length === 0 || launchers.some((user) => mayLaunch(image, user)))
        .map((image) => imageView(image, tags));
      const found = filtered("DescribeImages", IMAGE_FILTERS, input.Filters, all);
      const page = ec2Page(found, (image) => image.ImageId ?? "", input, { least: 1, most: 1000 });
      return { Images: page.items, NextToken: page.next };
    },
    // ec2/deregistered-image
    DeregisterImage: ({ ImageId: imageId = "" }: DeregisterImageCommandInput) => {
      const image = images.get(imageId);
      if (image === undefined) throw notFound("image", [imageId]);
      if (image.ownerId !== ACCOUNT_ID)
        throw new AwsError("AuthFailure", `Not authorized for image:${imageId}`, 403);
      images.delete(imageId);
      return { Return: true };
    },
  };
  return { operations, find: (imageId) => images.get(imageId) };
}

const OWNER_ALIASES = ["self", "amazon", "aws-backup-vault", "aws-marketplace"];

/** @throws AwsError for what is neither an account nor an alias of AWS's */
function checkedOwner(owner: string): string {
  if (/^\d{12}$/.test(owner) || OWNER_ALIASES.includes(owner)) return owner;
  throw new AwsError("InvalidUserID.Malformed", `Invalid user id: "${owner}"`);
}

/** ec2/image-owners */
function isOwner(image: SeedImage, owner: string): boolean {
  return owner === "self" ? image.ownerId === ACCOUNT_ID : [image.ownerId, image.ownerAlias].includes(owner);
}

/** Private images have no launch permissions: only their owner may launch them, and needs none. */
function mayLaunch(image: SeedImage, user: string): boolean {
  return user === "all" && image.ownerId !== ACCOUNT_ID;
}

function imageView(image: SeedImage, tags: TagStore): Image {
  return {
    ImageId: image.imageId,
    Name: image.name,
    ImageLocation: `${image.ownerAlias ?? image.ownerId}/${image.name}`,
    Description: image.description ?? `application that answers ${image.statusCode}`,
    State: "available",
    Architecture: image.architecture,
    ImageType: "machine",
    OwnerId: image.ownerId,
    ...(image.ownerAlias !== undefined && { ImageOwnerAlias: image.ownerAlias }),
    Public: image.ownerId !== ACCOUNT_ID,
    RootDeviceName: "/dev/xvda",
    RootDeviceType: "ebs",
    BlockDeviceMappings: [
      {
        DeviceName: "/dev/xvda",
        Ebs: { DeleteOnTermination: true, Encrypted: false, VolumeSize: 8, VolumeType: "gp3" },
      },
    ],
    VirtualizationType: "hvm",
    Hypervisor: "xen",
    BootMode: "uefi-preferred",
    EnaSupport: true,
    SriovNetSupport: "simple",
    PlatformDetails: "Linux/UNIX",
    UsageOperation: "RunInstances",
    CreationDate: "2025-06-01T00:00:00.000Z",
    Tags: [...tags.of(image.imageId)],
  };
}
