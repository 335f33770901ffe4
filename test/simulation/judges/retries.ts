/** What has failed is not tried again: an image that fails its checks is brought to a group once. */
import type { Call } from "../../../src/simulator/faults/interceptors.ts";

/** Every instance of it fails. */
export const BAD_IMAGE = "ami-0bad0bad";

interface Made {
  LaunchTemplate?: { LaunchTemplateId?: string };
  LaunchTemplateVersion?: { LaunchTemplateId?: string; VersionNumber?: number };
  InstanceRefreshId?: string;
}

interface Asked {
  AutoScalingGroupName?: string;
  LaunchTemplateData?: { ImageId?: string };
  DesiredConfiguration?: { LaunchTemplate?: { LaunchTemplateId?: string; Version?: string } };
}

export class Retries {
  /** Template and number of each version with the image. */
  readonly #bad = new Set<string>();
  /** Group → the versions with it that were brought to it, and not called off. */
  readonly #begun = new Map<string, Set<string>>();

  /** What the call tries again; `undefined`: nothing. */
  learn({ operation, input }: Call, output: object): string | undefined {
    const { AutoScalingGroupName: group = "", LaunchTemplateData, DesiredConfiguration } = input as Asked;
    const { LaunchTemplate, LaunchTemplateVersion, InstanceRefreshId } = output as Made;
    if (LaunchTemplateData?.ImageId === BAD_IMAGE) {
      const id = LaunchTemplateVersion?.LaunchTemplateId ?? LaunchTemplate?.LaunchTemplateId;
      if (id !== undefined) this.#bad.add(`${id} ${LaunchTemplateVersion?.VersionNumber ?? 1}`);
    }
    if (operation === "CancelInstanceRefresh") this.#begun.delete(group);
    if (operation !== "StartInstanceRefresh" || InstanceRefreshId === undefined) return undefined;
    const { LaunchTemplateId, Version } = DesiredConfiguration?.LaunchTemplate ?? {};
    const version = `${LaunchTemplateId} ${Version}`;
    if (!this.#bad.has(version)) return undefined;
    const begun = this.#begun.get(group) ?? new Set();
    this.#begun.set(group, new Set([...begun, version]));
    return begun.has(version) ? `${BAD_IMAGE} in ${group}` : undefined;
  }
}
