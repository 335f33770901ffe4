/** The images that can be launched: those of the article, and public ones under the names that clients look for. */
import { ACCOUNT_ID } from "./seed.ts";

export interface Image {
  readonly imageId: string;
  readonly name: string;
  readonly description: string;
  readonly architecture: Architecture;
  /** What the application in the image answers once it has started. */
  readonly statusCode: number;
  readonly ownerId: string;
  readonly ownerAlias: "amazon" | undefined;
  readonly rootDeviceName: string;
  readonly rootVolume: { readonly gib: number; readonly type: "standard" | "gp2" | "gp3" };
  readonly bootMode: "uefi" | "uefi-preferred" | undefined;
  readonly requiresImdsV2: boolean;
  readonly createdAt: string;
}

type Architecture = "x86_64" | "arm64";
/** Of the two images that are made of one system. */
type Ids = Readonly<Record<Architecture, string>>;
/** As the names of the images without what is not needed to start say it. */
type Minimal = "" | "minimal-";

/** https://docs.aws.amazon.com/linux/al2023/ug/ec2.html */
const AMAZON = "137112412989";
/** https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/ */
const CANONICAL = "099720109477";
const AL2023 = "2023.12.20260930.0";
const AL2 = "2.0.20260930.0";

export const IMAGES: readonly Image[] = [
  own("ami-12345678", "web-1", 200),
  own("ami-87654321", "web-2", 200),
  own("ami-0abcdef1234567890", "web-3", 200),
  own("ami-0bad0bad", "web-that-fails", 500),
  ...amazonLinux2023("6.1", { x86_64: "ami-0a1202306010000a1", arm64: "ami-0a1202306010000a2" }),
  ...amazonLinux2023("6.12", { x86_64: "ami-0a1202306120000a1", arm64: "ami-0a1202306120000a2" }),
  ...amazonLinux2023("6.1", { x86_64: "ami-0a1202306010000c1", arm64: "ami-0a1202306010000c2" }, "minimal-"),
  ...amazonLinux2("hvm", { x86_64: "ami-0a1002000000000a1", arm64: "ami-0a1002000000000a2" }),
  ...amazonLinux2("kernel-5.10-hvm", { x86_64: "ami-0a1002005100000a1", arm64: "ami-0a1002005100000a2" }),
  ...amazonLinux2("hvm", { x86_64: "ami-0a1002000000000c1", arm64: "ami-0a1002000000000c2" }, "minimal-"),
  ...ubuntu("focal-20.04", "2025-06-03", { x86_64: "ami-0b1200400000000b1", arm64: "ami-0b1200400000000b2" }),
  ...ubuntu("jammy-22.04", "2026-09-15", { x86_64: "ami-0b1220400000000b1", arm64: "ami-0b1220400000000b2" }),
  ...ubuntu("noble-24.04", "2026-09-15", { x86_64: "ami-0b1240400000000b1", arm64: "ami-0b1240400000000b2" }),
];

function own(imageId: string, name: string, statusCode: number): Image {
  return {
    imageId,
    name,
    description: `application that answers ${statusCode}`,
    architecture: "x86_64",
    statusCode,
    ownerId: ACCOUNT_ID,
    ownerAlias: undefined,
    rootDeviceName: "/dev/xvda",
    rootVolume: { gib: 8, type: "gp3" },
    bootMode: undefined,
    requiresImdsV2: false,
    createdAt: "2025-06-01T00:00:00.000Z",
  };
}

/** Somebody else's, for both architectures: nothing is known of what is run on it, so it answers like a sound application. */
function both(
  ids: Ids,
  describe: (architecture: Architecture) => Omit<Image, "imageId" | "architecture" | "statusCode">,
): Image[] {
  return (["x86_64", "arm64"] as const).map((architecture) => ({
    imageId: ids[architecture],
    architecture,
    statusCode: 200,
    ...describe(architecture),
  }));
}

function amazonLinux2023(kernel: string, ids: Ids, minimal: Minimal = ""): Image[] {
  return both(ids, (architecture) => ({
    name: `al2023-ami-${minimal}${AL2023}-kernel-${kernel}-${architecture}`,
    description: `Amazon Linux 2023 AMI ${AL2023} ${architecture} ${minimal === "" ? "" : "Minimal "}HVM kernel-${kernel}`,
    ownerId: AMAZON,
    ownerAlias: "amazon",
    rootDeviceName: "/dev/xvda",
    rootVolume: { gib: minimal === "" ? 8 : 2, type: "gp3" },
    bootMode: architecture === "arm64" ? "uefi" : "uefi-preferred",
    requiresImdsV2: true,
    createdAt: "2026-09-30T20:00:00.000Z",
  }));
}

/** The end of the name is the root volume: `ebs` stands for a magnetic one. */
function amazonLinux2(variant: string, ids: Ids, minimal: Minimal = ""): Image[] {
  const isMinimal = minimal !== "";
  const volume = isMinimal ? "ebs" : "gp2";
  const kernel = variant === "hvm" ? "" : "Kernel 5.10 ";
  return both(ids, (architecture) => ({
    name: `amzn2-ami-${minimal}${variant}-${AL2}-${architecture}-${volume}`,
    description: `Amazon Linux 2 ${kernel}AMI ${AL2} ${architecture} ${isMinimal ? "Minimal " : ""}HVM ${volume}`,
    ownerId: AMAZON,
    ownerAlias: "amazon",
    rootDeviceName: "/dev/xvda",
    rootVolume: isMinimal ? { gib: 2, type: "standard" } : { gib: 8, type: "gp2" },
    bootMode: architecture === "arm64" ? "uefi" : undefined,
    requiresImdsV2: false,
    createdAt: "2026-09-30T20:00:00.000Z",
  }));
}

/** @param release its series and version; since 24.04 the name says gp3 */
function ubuntu(release: string, day: string, ids: Ids): Image[] {
  const [series = "", version = ""] = release.split("-");
  const type = version >= "24.04" ? "gp3" : "gp2";
  return both(ids, (architecture) => {
    const cpu = architecture === "x86_64" ? "amd64" : architecture;
    return {
      name: `ubuntu/images/hvm-ssd${type === "gp3" ? "-gp3" : ""}/ubuntu-${release}-${cpu}-server-${day.replaceAll("-", "")}`,
      description: `Canonical, Ubuntu, ${version} LTS, ${cpu} ${series} image build on ${day}`,
      ownerId: CANONICAL,
      ownerAlias: "amazon",
      rootDeviceName: "/dev/sda1",
      rootVolume: { gib: 8, type },
      bootMode: architecture === "arm64" ? "uefi" : "uefi-preferred",
      requiresImdsV2: false,
      createdAt: `${day}T08:00:00.000Z`,
    };
  });
}
