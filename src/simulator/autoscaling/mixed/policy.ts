/** Mixed instances policies: read, kept with their defaults, and shown. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { copyOf } from "../../account/copy-of.ts";
import type { Requirements } from "../../account/instance-requirements.ts";
import type { Distribution, LaunchSource, MixedPolicy, Override, TemplateChoice } from "../launch-source.ts";

type Given = asg.MixedInstancesPolicy;

/** A template that a launch would take with this type: the way in which the group's own is read too. */
export type ReadTemplate = (
  given: asg.LaunchTemplateSpecification,
  override: Partial<Pick<Override, "instanceType" | "requirements" | "imageId">>,
) => TemplateChoice;

/**
 * What a group launches from after it was given a policy. An update leaves alone what it does not name, and
 * takes a list of overrides as a whole; a refresh puts what it does not name back to its default.
 * autoscaling/mixed-update, autoscaling/refresh-mixed
 *
 * @param before what it changes; nothing where everything not named has its default
 * @throws AwsError for a template that cannot be launched
 */
export function sourceAfter(
  given: Given,
  before: LaunchSource | undefined,
  read: ReadTemplate,
): LaunchSource {
  const { LaunchTemplateSpecification: specification, Overrides } = given.LaunchTemplate ?? {};
  const base = specification ?? { LaunchTemplateId: before?.template.id, Version: before?.template.version };
  const kept = Overrides === undefined ? before?.mixed?.overrides : undefined;
  const overrides = kept ?? (Overrides ?? []).map((one) => overrideOf(one, read));
  const plain = overrides.filter((one) => one.template === undefined);
  // Where each override has its own template, the policy's is not launched from and has to fit some type only.
  const [first = overrides.length === 0 ? {} : { requirements: {} }, ...others] = plain;
  const template = read(base, first);
  for (const one of others) read(base, one);
  const isByAttributes = overrides.some((one) => one.requirements !== undefined);
  const distribution = distributionAfter(
    given.InstancesDistribution,
    before?.mixed?.distribution,
    isByAttributes,
  );
  return { template, mixed: { overrides, distribution } };
}

function overrideOf(given: asg.LaunchTemplateOverrides, read: ReadTemplate): Override {
  const plain = {
    instanceType: given.InstanceType,
    requirements: copyOf(given.InstanceRequirements) as Requirements | undefined,
    weight: given.WeightedCapacity,
    imageId: given.ImageId,
  };
  const own = given.LaunchTemplateSpecification;
  return { ...plain, template: own === undefined ? undefined : read(own, plain) };
}

/** autoscaling/mixed-defaults */
function distributionAfter(
  given: asg.InstancesDistribution | undefined,
  before: Distribution | undefined,
  isByAttributes: boolean,
): Distribution {
  const spotStrategy = given?.SpotAllocationStrategy ?? before?.spotStrategy ?? "lowest-price";
  const price = given?.SpotMaxPrice ?? before?.spotMaxPrice;
  const usual = isByAttributes ? "lowest-price" : "prioritized";
  return {
    onDemandStrategy: given?.OnDemandAllocationStrategy ?? before?.onDemandStrategy ?? usual,
    onDemandBase: given?.OnDemandBaseCapacity ?? before?.onDemandBase ?? 0,
    onDemandPercentage: given?.OnDemandPercentageAboveBaseCapacity ?? before?.onDemandPercentage ?? 100,
    spotStrategy,
    spotPools:
      spotStrategy === "lowest-price" ? given?.SpotInstancePools || before?.spotPools || 2 : undefined,
    // An empty one takes the price away.
    spotMaxPrice: price === "" ? undefined : price,
  };
}

export function shownPolicy({ template, mixed }: LaunchSource): asg.MixedInstancesPolicy | undefined {
  return mixed === undefined ? undefined : policyView(template, mixed);
}

function policyView(template: TemplateChoice, { overrides, distribution }: MixedPolicy): Given {
  return {
    LaunchTemplate: {
      LaunchTemplateSpecification: shownTemplate(template),
      Overrides: overrides.map((one) => ({
        InstanceType: one.instanceType,
        WeightedCapacity: one.weight,
        LaunchTemplateSpecification: one.template && shownTemplate(one.template),
        InstanceRequirements: copyOf(one.requirements) as asg.InstanceRequirements | undefined,
        ImageId: one.imageId,
      })),
    },
    InstancesDistribution: {
      OnDemandAllocationStrategy: distribution.onDemandStrategy,
      OnDemandBaseCapacity: distribution.onDemandBase,
      OnDemandPercentageAboveBaseCapacity: distribution.onDemandPercentage,
      SpotAllocationStrategy: distribution.spotStrategy,
      SpotInstancePools: distribution.spotPools,
      SpotMaxPrice: distribution.spotMaxPrice,
    },
  };
}

/** AWS answers with both id and name, whichever was sent. autoscaling/template-id-and-name */
export function shownTemplate(template: {
  id: string;
  name: string;
  version: string | number;
}): asg.LaunchTemplateSpecification {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    Version: String(template.version),
  };
}
