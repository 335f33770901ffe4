/** Images: what can be launched. */
import type {
  DeregisterImageCommandInput,
  DescribeImagesCommandInput,
  Image as Description,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../account/aws-error.ts";
import { derivedId } from "../account/ids.ts";
import { IMAGES, type Image } from "../account/images.ts";
import { ACCOUNT_ID } from "../account/seed.ts";
import type { OperationTable } from "../services.ts";
import { ec2Page, named } from "./describe-input.ts";
import { filtered } from "./filters/filtered.ts";
import { IMAGE_FILTERS } from "./filters/images.ts";
import { notFound } from "./not-found.ts";
import type { TagStore } from "./tags.ts";

export interface Images {
  readonly operations: OperationTable;
  find(imageId: string): Image | undefined;
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
      const all = asked.filter((image) => isAsked(image, input)).map((image) => view(image, tags));
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

/** ec2/image-owners */
function isAsked(
  image: Image,
  { Owners: owners = [], ExecutableUsers: users = [] }: DescribeImagesCommandInput,
): boolean {
  const isOwned = owners.some(
    (owner) =>
      owner === image.ownerId ||
      owner === image.ownerAlias ||
      (owner === "self" && image.ownerId === ACCOUNT_ID),
  );
  // No launch permission is given to anybody by name: public images are for all, the account's own for itself.
  const isFor = users.includes("all") && image.ownerId !== ACCOUNT_ID;
  return (owners.length === 0 || isOwned) && (users.length === 0 || isFor);
}

function view(image: Image, tags: TagStore): Description {
  return {
    ImageId: image.imageId,
    Name: image.name,
    Description: image.description,
    State: "available",
    Architecture: image.architecture,
    ImageType: "machine",
    ImageLocation: `${image.ownerAlias ?? image.ownerId}/${image.name}`,
    OwnerId: image.ownerId,
    ...(image.ownerAlias !== undefined && { ImageOwnerAlias: image.ownerAlias }),
    Public: image.ownerId !== ACCOUNT_ID,
    RootDeviceName: image.rootDeviceName,
    RootDeviceType: "ebs",
    BlockDeviceMappings: [
      {
        DeviceName: image.rootDeviceName,
        Ebs: {
          DeleteOnTermination: true,
          Encrypted: false,
          SnapshotId: derivedId("snap", image.imageId),
          VolumeSize: image.rootVolume.gib,
          VolumeType: image.rootVolume.type,
        },
      },
    ],
    VirtualizationType: "hvm",
    Hypervisor: "xen",
    EnaSupport: true,
    SriovNetSupport: "simple",
    PlatformDetails: "Linux/UNIX",
    UsageOperation: "RunInstances",
    ...(image.bootMode !== undefined && { BootMode: image.bootMode }),
    ...(image.requiresImdsV2 && { ImdsSupport: "v2.0" }),
    CreationDate: image.createdAt,
    Tags: [...tags.of(image.imageId)],
  };
}
