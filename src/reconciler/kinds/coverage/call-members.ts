/**
 * What a call of Auto Scaling or EC2 that writes says beside the members in the tables of the kinds: Holdfast fills it in,
 * so that no spec needs a place for it. A test holds the two together against the SDK's schemas.
 */

const MEANT = "it says which resource is meant";
const FOLLOWS = "it follows from fields of the spec";
const MARKED = "Holdfast marks with it what it has made";
const ASKED = "a person asks for it, by `holdfast.dev/force-delete`";

/** Member, with all that stands below it → why no field holds it. */
export const CALL_MEMBERS: Readonly<Record<string, string>> = {
  AutoScalingGroupName: MEANT,
  InstanceId: MEANT,
  InstanceIds: MEANT,
  LaunchTemplateId: MEANT,
  LaunchTemplateName: MEANT,
  LifecycleHookName: MEANT,
  PolicyName: MEANT,
  Resources: MEANT,
  ScheduledActionName: MEANT,
  TopicARN: MEANT,
  Versions: MEANT,
  DefaultVersion: FOLLOWS,
  DesiredConfiguration: FOLLOWS,
  Metrics: FOLLOWS,
  ProtectedFromScaleIn: FOLLOWS,
  ScalingProcesses: FOLLOWS,
  Strategy: FOLLOWS,
  Tags: FOLLOWS,
  TagSpecifications: FOLLOWS,
  TargetGroupARNs: FOLLOWS,
  VersionDescription: MARKED,
  ForceDelete: ASKED,
  Granularity: "AWS collects the metrics of a group once a minute, and not otherwise",
  Operator: "somebody else's service manages what has it",
  ResolveAlias: "an image is looked up before the spec is stored, or by each launch",
  ShouldDecrementDesiredCapacity: "the desired capacity stays whose it is",
  SourceVersion: "a version is written whole",
  WaitForTransitioningInstances:
    "a refresh that is stopped lets what is under way end, as AWS does by itself",
};
