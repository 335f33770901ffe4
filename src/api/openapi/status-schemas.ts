import type { BehindRow, Evidence, RolledVersion, RolloutRow } from "../../model/ledger/rollout.ts";
import { FIELD_VERDICTS, type FieldReport, type FieldRow } from "../../model/ledger/verdicts.ts";
import type { LookupRow } from "../../model/lookups.ts";
import type {
  ActivityRow,
  AlarmRow,
  ApprovalView,
  ConsentRow,
  Consequence,
  Coverage,
  CoverageDifference,
  CoverageMember,
  CoverageRow,
  FlowStep,
  InstanceRow,
  OwnerRow,
  PlanRow,
  PlanStep,
  PlanView,
  ResourceRow,
  ScorecardCheck,
  UnownedRow,
  UnreadRow,
  WebServiceStatus,
  ZoneRow,
} from "../../model/status.ts";
import type { Schema } from "./dialect.ts";
import { arrayOf, described, members, oneOf, text, time, truth, whole } from "./members.ts";
import { ref } from "./reference.ts";

const ROLLED_VERSION = members<RolledVersion>({
  id: text("Id of the launch template."),
  version: text("Number of the version."),
  digest: text("Digest of its content, without tags."),
  imageId: text("Its image."),
  userData: text("Digest of its user data."),
  policy: described(
    { type: "object", additionalProperties: true },
    "What the group said beside it of what is launched: fields of its mixed instances policy.",
  ),
});

const VALUE = {};

const VERDICT = oneOf(FIELD_VERDICTS, "What the compare of last applied, desired and observed comes to.");

const CONSENTS = arrayOf(
  members<ConsentRow>({
    key: text("Address in the spec, or where it stood."),
    id: text("AWS's id; empty of what is still to be made."),
    effect: text(
      "Why it needs consent: defaultsChanged, adoptionChanges, loadBalancerReplaced, loadBalancerRemoved, groupRemoved, groupEmptied, servingRemoved, instancesTerminated, everyChange.",
    ),
  }),
  "What of it needs consent.",
);

/** What would be done. */
export const PLAN = members<PlanView>({
  digest: text("Equal plans have equal digests. Where one waits for approval, what is to be approved."),
  approval: described(
    members<ApprovalView>({
      annotation: text("The annotation that gives it."),
      digest: text("Its value."),
      effects: CONSENTS,
    }),
    "What it waits for a person to agree to.",
  ),
  rows: arrayOf(
    members<PlanRow>({
      verb: text("create, update, reorder, delete, release, …"),
      key: text("Address in the spec."),
      kind: text("Kind of the AWS resource."),
      name: text("Name in AWS."),
      reason: text("Why."),
      calls: arrayOf(text(), "IAM actions that will be called, in order."),
      differences: arrayOf(
        members<PlanRow["differences"][number]>({
          field: text("Path of the field."),
          desired: described(VALUE, "What the spec wants."),
          observed: described(VALUE, "What AWS holds."),
        }),
        "What differs.",
      ),
      blockedBy: arrayOf(text(), "Addresses of what must be there first, or sentences."),
      consequences: arrayOf(
        members<Consequence>({
          effect: oneOf(["replaces", "interrupts", "cannotUndo", "keeps"]),
          says: text("What comes of it."),
        }),
        "What it replaces, interrupts and cannot undo.",
      ),
    }),
    "What would be done.",
  ),
  steps: arrayOf(
    members<PlanStep>({
      number: whole("From 1."),
      round: whole("Calls of one round are sent at the same time."),
      call: text("IAM action."),
      key: text("Address of what it is for, as `key` of its row."),
      verb: text("create, update, reorder, delete, release, …"),
      waitsFor: text("What has to come about before it: only time, AWS or a person decides when."),
    }),
    "Every call to the end, in order, as long as all goes well. Not in a stored status.",
  ),
  cut: truth("There is more than `steps` tells."),
  summary: described(
    members<PlanView["summary"]>({ create: whole(), update: whole(), delete: whole(), blocked: whole() }),
    "How many rows of each sort.",
  ),
});

/** What a WebService says of itself in `status`. */
export const STATUS_SCHEMAS: Schema = {
  WebServiceStatus: members<WebServiceStatus>({
    observedGeneration: whole("The generation of the spec that it speaks of."),
    conditions: arrayOf(ref("Condition"), "Ready, Synced, Healthy, Drifted, Reconciling, Stalled."),
    account: described(
      members<NonNullable<WebServiceStatus["account"]>>({
        id: text("The twelve digits."),
        partition: text("`aws`, `aws-cn`, …"),
      }),
      "The AWS account that it was first reconciled in, and stays in.",
    ),
    dnsName: text("DNS name of the load balancer, once AWS has given it."),
    resources: arrayOf(ref("ResourceRow"), "One row for each AWS resource."),
    instances: arrayOf(ref("InstanceRow"), "One row for each instance, with its three health checks."),
    zones: arrayOf(
      members<ZoneRow>({
        name: text("Its name."),
        instances: whole("Its instances, without those that are leaving."),
        serving: whole("How many of them serve."),
        unknown: whole("Of how many nobody knows."),
      }),
      "Each Availability Zone that the load balancer or a group is to use, or that has an instance.",
    ),
    unread: arrayOf(
      members<UnreadRow>({
        kind: text(
          "Kind of resource; `instance`: EC2's side of the instances; `activity`: the groups' activities.",
        ),
        name: text("Name of the one that could not be read; absent where it is all of them."),
        reason: text("Operation and error code."),
      }),
      "What the last pass could not read; absent when it read everything.",
    ),
    lookups: arrayOf(
      members<LookupRow>({
        path: text("Where it stands in the spec."),
        kind: oneOf(
          ["image", "vpc", "subnets", "securityGroups", "certificate", "instanceProfile", "topic"],
          "What is looked up.",
        ),
        asked: described({ type: "object", additionalProperties: true }, "The lookup as the spec has it."),
        value: described(VALUE, "What stands in its place: an id or an ARN, or several."),
        detail: text("What AWS says of that."),
        resolvedAt: time("When AWS was asked for it."),
        state: oneOf(
          ["Current", "UpdateAvailable", "Unresolved", "Unknown"],
          "Whether AWS answered the same when it was last asked.",
        ),
        newer: described(VALUE, "What it would stand for now, where that is something else."),
        message: text("What AWS says of that; or why nothing is known of it."),
        checkedAt: time("When AWS was last asked."),
      }),
      "What the spec looks up, and what it stands for.",
    ),
    alarms: arrayOf(
      members<AlarmRow>({
        key: text("Address in the spec."),
        name: text("Name in AWS."),
        state: text("AWS's state: OK, ALARM, INSUFFICIENT_DATA."),
        reason: text("AWS's reason."),
        since: time("Since when."),
        onlyScales: truth("All that it does is to set off scaling policies: in ALARM it does its work."),
      }),
      "The alarms of the spec.",
    ),
    unowned: arrayOf(
      members<UnownedRow>({
        kind: text("Kind of the AWS resource, or what else it is."),
        on: text("Address of the resource that it sits on, or that it says it is."),
        id: text("ARN, or the key of a tag."),
        description: text("What it is."),
        isClaim: truth("It carries the owner tag, and is not ours."),
      }),
      "What somebody else has put on these resources: shown, never touched.",
    ),
    activities: arrayOf(
      members<ActivityRow>({
        time: time("When it began."),
        autoScalingGroup: text("Address of the group in the spec."),
        status: text("AWS's word."),
        description: text("What the group does."),
        cause: text("Why, in AWS's words."),
      }),
      "The latest scaling activities of the groups.",
    ),
    rollouts: arrayOf(
      members<RolloutRow>({
        autoScalingGroup: text("Address of the group in the spec."),
        state: oneOf(
          ["Running", "Succeeded", "Stopped", "Failed", "RollingBack", "RolledBack", "RollbackFailed"],
          "How far it has come. From `Failed` on its content is not rolled out again before a person says so.",
        ),
        generation: whole("Generation of the spec that asked for it, where that is known."),
        from: described(ROLLED_VERSION, "What ran before."),
        to: described(ROLLED_VERSION, "What it brings."),
        percentageComplete: whole("AWS's percentage."),
        begunAt: time("When its refresh was begun."),
        endedAt: time("When it was over."),
        reason: text("AWS's reason."),
        evidence: arrayOf(
          members<Evidence>({
            why: text("Which check, with which message."),
            instances: arrayOf(text(), "Some of the instances of which it was seen."),
          }),
          "What was seen of the new instances while they failed.",
        ),
      }),
      "The newest rollout of a launch template of each group.",
    ),
    behind: arrayOf(
      members<BehindRow>({
        autoScalingGroup: text("Address of the group in the spec."),
        version: text("The version that is wanted now."),
        count: whole("How many have another one, those in the warm pool included."),
        inWarmPool: whole("How many of them wait in the warm pool; absent where none does."),
        instances: arrayOf(
          members<BehindRow["instances"][number]>({
            instanceId: text("AWS's id."),
            version: text("The version that it has."),
            lifecycleState: text("AWS's state of it, as in InService, Standby, Warmed:Stopped."),
          }),
          "The first of them, those in the warm pool last.",
        ),
      }),
      "Groups of which instances, in service or in the warm pool, have another version of the launch template than the one that is wanted.",
    ),
    scorecard: arrayOf(
      members<ScorecardCheck>({
        id: text("Stable id: that of AWS Security Hub where it has the same control."),
        title: text("What is checked."),
        result: oneOf(["pass", "fail", "unknown"]),
        evidence: text("What was seen that decides it."),
        remedy: text("What to change in the spec, where it fails."),
        patch: text("The same as a JSON merge patch of the object, where there is one answer."),
      }),
      "How the tier stands against common advice.",
    ),
    coverage: described(ref("Coverage"), "How much of what AWS holds is compared with the spec."),
    observedAt: time("End of the last pass that read everything it needed."),
    emptySince: time("While deleting: since when AWS holds nothing of this service."),
    nextPassAt: time("When the next pass is due at the latest."),
    waitingFor: arrayOf(text(), "What it waits for."),
    plan: described(
      ref("Plan"),
      "Only while changes are held back, and in the answer to a dry run that changes something.",
    ),
    defaults: oneOf(["Recommended", "AWS"], "The defaults that AWS's resources follow."),
    approval: described(
      members<NonNullable<WebServiceStatus["approval"]>>({
        digest: text("What was approved."),
        generation: whole("Of this generation."),
        effects: CONSENTS,
        actor: text("Whose token it was, where tokens are demanded."),
      }),
      "While it is being carried out: what was approved.",
    ),
    approvedBefore: described(
      members<NonNullable<WebServiceStatus["approvedBefore"]>>({
        digest: text("What was approved."),
        generation: whole("Of this generation."),
      }),
      "What was approved last, and has been done.",
    ),
    settled: described(
      members<NonNullable<WebServiceStatus["settled"]>>({
        generation: whole("The generation; 0 of a service that AWS has never held as its spec asks for."),
        approval: oneOf(["Never", "Destructive", "Always"], "Its `spec.approval`."),
      }),
      "The last generation that AWS has held to the end. The stricter of its `approval` and that of the spec judges an edit.",
    ),
    onlyObserved: truth("It is only observed; or was, and nothing has been written since, or agreed to."),
    foreignEpoch: text(
      "The epoch on AWS of another database, or of a later state of this one: nothing is written before a person annotates the service with it as holdfast.dev/confirmed-epoch.",
    ),
    correctionRequested: described(
      members<NonNullable<WebServiceStatus["correctionRequested"]>>({
        value: text("The last value of the annotation holdfast.dev/correction-requested-at."),
        time: time("When a pass first saw it."),
      }),
      "What was asked to be put right at once.",
    ),
  }),
  ResourceRow: members<ResourceRow>({
    key: text("Address in the spec."),
    kind: text("Kind of the AWS resource."),
    name: text("Name in AWS."),
    arn: text("Its ARN, once known."),
    state: oneOf(
      ["InSync", "OutOfSync", "Missing", "Provisioning", "Surplus", "Fired", "Blocked", "Unknown"],
      "How AWS compares with the spec.",
    ),
    message: text("Why, where that is not obvious."),
    reason: text("The word for it, where only a person can help: one of the reasons of `Stalled`."),
    cutover: text("Where it stands while requests move."),
    owners: arrayOf(
      members<OwnerRow>({
        field: oneOf(["minSize", "maxSize", "desiredCapacity"], "The size."),
        owner: oneOf(
          ["Spec", "ScheduledAction", "Forecast", "Scaling", "Others"],
          "Whose it is: `Scaling` is policies and whoever else sets a desired capacity, `Others` those to whom `spec.drift` leaves it.",
        ),
        why: text("Why."),
        value: whole("What AWS has."),
        declared: whole("What the spec says."),
      }),
      "Of a group: whose its sizes are, and why.",
    ),
    derived: arrayOf(
      text("A name."),
      "What AWS makes and keeps for it, as the alarms of a target tracking policy: never touched, never counted.",
    ),
    observedAt: time("When AWS was last asked and answered."),
  }),
  Coverage: members<Coverage>({
    complete: truth("Nothing differs, everything was read, and what is not compared is named."),
    compared: whole("Members that are compared."),
    equal: whole("Of those: as the spec says, or as AWS has it by default where the spec says nothing."),
    different: whole("Of those: not so."),
    leftToOthers: whole("Members that are set and that the spec leaves to others."),
    notCompared: whole("Members that cannot be compared."),
    resources: arrayOf(
      members<CoverageRow>({
        kind: text("Kind of the AWS resource."),
        name: text("Name in AWS."),
        address: text("Address in the spec."),
        compared: whole("Members that are compared."),
        equal: whole("Of those: equal."),
        different: arrayOf(
          members<CoverageDifference>({
            member: text("Field of the spec."),
            desired: described(VALUE, "What the spec wants; `null`: nothing."),
            observed: described(VALUE, "What AWS holds; `null`: nothing."),
            verdict: VERDICT,
            why: text("What is being waited for, or in the way."),
          }),
          "What differs.",
        ),
        leftToOthers: arrayOf(ref("CoverageMember"), "What the spec leaves to others."),
        notCompared: arrayOf(ref("CoverageMember"), "What cannot be compared."),
        more: whole("How many more members there are in the three lists together."),
        reason: text("Why nothing of it is compared."),
        verdict: VERDICT,
      }),
      "One row for each wanted resource.",
    ),
    more: whole("How many more resources there are."),
  }),
  CoverageMember: members<CoverageMember>({
    member: text("Field of the spec, or AWS's own name of what no field stands for."),
    reason: text("Why it is not compared, or not corrected."),
    verdict: VERDICT,
    value: described(VALUE, "What AWS holds; a digest of what may be secret."),
    desired: described(VALUE, "What the spec asks for, where it does."),
  }),
  FieldReport: members<FieldReport>({
    apiVersion: oneOf(["holdfast.dev/v1"]),
    kind: oneOf(["FieldReport"]),
    metadata: members<FieldReport["metadata"]>({
      namespace: text(),
      name: text("Of the WebService."),
      generation: whole("Of its spec now."),
    }),
    observedGeneration: whole("The generation that was compared."),
    observedAt: time("End of the last pass that read everything it needed."),
    items: arrayOf(
      members<FieldRow>({
        resource: text("Address in the spec."),
        kind: text("Kind of the AWS resource."),
        field: text("Path of the field, or AWS's own name of what no field stands for; empty: all of it."),
        verdict: VERDICT,
        lastApplied: described(
          VALUE,
          "What was last written, or seen to be as wanted; a digest of what is secret.",
        ),
        desired: described(VALUE, "What the spec asks for."),
        observed: described(VALUE, "What AWS held in the last pass."),
        why: text("Which rule, what is waited for, or why nothing is compared."),
      }),
      "One row for each field of each resource.",
    ),
    atDefault: whole("Members that nobody has declared, and that AWS holds at its default: the same."),
    more: whole("How many more there are than are named."),
  }),
  InstanceRow: members<InstanceRow>({
    instanceId: text("AWS's id."),
    availabilityZone: text("Its zone."),
    autoScalingGroup: text("Address of its group in the spec."),
    launchTemplateVersion: text("The version that it was launched with."),
    launchTime: time("When it was launched."),
    targetHealth: arrayOf(
      members<NonNullable<InstanceRow["targetHealth"]>[number]>({
        targetGroup: text("Address of the target group in the spec."),
        state: text("AWS's word: initial, healthy, unhealthy, unused, draining, unavailable."),
        reason: text("AWS's reason code."),
        description: text("AWS's explanation."),
      }),
      "The load balancer's view; empty when it is registered nowhere, absent when it was not read.",
    ),
    autoScaling: described(
      members<InstanceRow["autoScaling"]>({
        lifecycleState: text("AWS's word."),
        healthStatus: text("Healthy or Unhealthy."),
        protectedFromScaleIn: truth("Whether scale-in leaves it alone."),
      }),
      "The group's view.",
    ),
    ec2: described(
      members<NonNullable<InstanceRow["ec2"]>>({
        state: text("AWS's word."),
        systemStatus: text("Of the host."),
        instanceStatus: text("Of the instance."),
      }),
      "EC2's view; absent when it could not be read.",
    ),
    verdict: text("What the three mean together, with the setting that explains it."),
    serving: oneOf(["yes", "no", "unknown"], "Whether it is sent requests."),
    phase: oneOf(
      ["serving", "starting", "failing", "leaving", "apart", "unknown"],
      "Where it stands in its life; apart: on standby, detached, in the warm pool.",
    ),
    lastSeenAt: time("Only of one whose group could not be read: when it was last seen as it stands here."),
    flow: arrayOf(
      members<FlowStep>({
        title: text("The step."),
        state: oneOf(["done", "current", "pending", "blocked"]),
        detail: text("What happens, and the setting that decides how long it takes."),
        expectedSeconds: whole("How long it takes by the configuration."),
      }),
      "The steps of a replacement, while one is under way.",
    ),
  }),
  Plan: PLAN,
};
