/** Images: what can be launched. Nothing here changes. */
import type { DescribeImagesCommandInput } from "@aws-sdk/client-ec2";
import { derivedId } from "../account/ids.ts";
import { IMAGES, type Image } from "../account/images.ts";
import { ACCOUNT_ID } from "../account/seed.ts";
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
      const all = asked.filter((image) => isAsked(image, input)).map((image) => view(image, tags));
      const found = all.filter((image) =>
        passes(
          input.Filters,
          {
            "image-id": image.ImageId,
            name: image.Name,
            state: image.State,
            architecture: image.Architecture,
            "owner-id": image.OwnerId,
            "owner-alias": image.ImageOwnerAlias,
            "is-public": String(image.Public),
            "creation-date": image.CreationDate,
            description: image.Description,
            "ena-support": "true",
            hypervisor: image.Hypervisor,
            "image-type": image.ImageType,
            "root-device-name": image.RootDeviceName,
            "block-device-mapping.volume-type": image.BlockDeviceMappings[0]!.Ebs.VolumeType,
            "virtualization-type": image.VirtualizationType,
            "root-device-type": image.RootDeviceType,
          },
          image.Tags,
        ),
      );
      const page = ec2Page(found, (image) => image.ImageId, input, { least: 1, most: 1000 });
      return { Images: page.items, NextToken: page.next };
    },
  };
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

function view(image: Image, tags: TagStore) {
  return {
    ImageId: image.imageId,
    Name: image.name,
    Description: image.description,
    State: "available",
    Architecture: image.architecture,
    ImageType: "machine",
    ImageLocation: `${image.ownerAlias ?? image.ownerId}/${image.name}`,
    OwnerId: image.ownerId,
    ImageOwnerAlias: image.ownerAlias,
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
    BootMode: image.bootMode,
    ImdsSupport: image.requiresImdsV2 ? "v2.0" : undefined,
    CreationDate: image.createdAt,
    Tags: [...tags.of(image.imageId)],
  };
}
