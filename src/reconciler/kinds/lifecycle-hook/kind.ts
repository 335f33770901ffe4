import { type Address, childNameOf, lifecycleHookAddress } from "../../../model/address.ts";
import type { Value } from "../../../model/value.ts";
import type { Input } from "../../../ports.ts";
import { callOf } from "../../core/actions.ts";
import { physicalName } from "../../core/names.ts";
import { refTo } from "../../core/references.ts";
import type { Fields, ObservedResource, Seen } from "../../core/resource.ts";
import { toldMembersOf } from "../coverage/answer-members.ts";
import { fieldsFromAws, fieldsFromSpec, fieldsOf, inputFrom } from "../field.ts";
import { records, text } from "../field-values.ts";
import { theOne } from "../fresh-look.ts";
import type { Item, Kind, ServiceContext } from "../kind.ts";
import { nameOrPinned } from "../names/pinned.ts";
import { listOnGroups, lookOnGroup, nameOnGroup, placeOnGroup } from "../on-group.ts";
import { present, required } from "../required.ts";
import { memberOf } from "../spec-rule.ts";
import { type LifecycleHookSpec, lifecycleHookSchema } from "./schema.ts";

export type LifecycleHook = Item<"autoscaling:DescribeLifecycleHooks", "LifecycleHooks">;
type HookInput = NonNullable<
  Input<"autoscaling:CreateAutoScalingGroup">["LifecycleHookSpecificationList"]
>[number];

const PUT = "autoscaling:PutLifecycleHook";
const DESCRIBE = "autoscaling:DescribeLifecycleHooks";
const NAME_LIMIT = 255;

export const FIELDS = fieldsOf(lifecycleHookSchema);

/** Lifecycle hooks have no tags: the group that they sit on carries ours. */
export const lifecycleHook: Kind<LifecycleHook> = {
  name: "lifecycleHook",
  title: "lifecycle hook",
  family: "compute",
  traits: {},
  schema: lifecycleHookSchema,
  tagSource: "parent",
  sitsOn: "autoScalingGroup",
  // So that the first instances of a group wait for it: see `hooksOfGroup`.
  comesWithParent: true,

  desired(service, before) {
    return before("autoScalingGroup").flatMap((group) =>
      namedHooks(service, group.address).map(({ address, given, wanted }) => ({
        address,
        kind: "lifecycleHook" as const,
        ...nameOrPinned(
          wanted.name === undefined ? undefined : nameOnGroup(group.name, given),
          nameOnGroup(group.name, given),
        ),
        fields: fieldsFromSpec(FIELDS, wanted),
        initial: { autoScalingGroup: refTo(group.address, "name"), childName: given },
      })),
    );
  },

  list(reader, _service, listed, sought) {
    return listOnGroups("lifecycleHook", listed, sought, async (group) => {
      const { LifecycleHooks } = await reader.call(DESCRIBE, { AutoScalingGroupName: group });
      return required(LifecycleHooks, "LifecycleHooks").map(
        (item) => [required(item.LifecycleHookName, "LifecycleHookName"), item] as const,
      );
    });
  },

  /** Its group and its name are all that there is of it: it is ours where the spec or a row says so. */
  isNamedByUs: () => false,

  async observe({ reader, found, sought }) {
    return {
      ...seen({
        name: found.id,
        address: placeOnGroup(found, sought),
        group: present(found.parent?.name, "its group's name"),
        hookName: required(found.raw.LifecycleHookName, "LifecycleHookName"),
        fields: fieldsFromAws(FIELDS, found.raw),
        nowMs: reader.nowMs(),
      }),
      members: toldMembersOf("lifecycleHook", { [DESCRIBE]: found.raw }),
    };
  },

  create(_desired, fields) {
    return callOf(PUT, {
      ...inputFrom(FIELDS, fields),
      AutoScalingGroupName: text(fields, "autoScalingGroup"),
      LifecycleHookName: text(fields, "childName"),
    });
  },

  /** AWS answers with nothing: what was sent is what is known. */
  created({ address, name }, sent, _output, nowMs) {
    const { autoScalingGroup: _group, childName: _name, ...fields } = sent;
    const names = { group: text(sent, "autoScalingGroup"), hookName: text(sent, "childName") };
    return seen({ name, address, fields, nowMs, ...names });
  },

  /** What is left out stays; a target that is sent gets a test message each time. */
  update({ fields, observed: now, differences }) {
    const changed = FIELDS.filter(({ path }) => differences.some(({ field }) => field === path));
    return [callOf(PUT, { ...inputFrom(changed, fields), ...nameInAws(now) })];
  },

  /** What takes a target away, and its role with it (…/APIReference/API_PutLifecycleHook.html). */
  defaultOf: (field): Value | undefined => (field === "notificationTargetArn" ? "" : undefined),

  /** docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteLifecycleHook.html */
  consequences: ({ observed, differences }) =>
    differences === "removed"
      ? [
          {
            effect: "interrupts",
            says: isOfLaunch(observed)
              ? "instances that wait for it are abandoned, and terminated"
              : "instances that wait for it are terminated",
          },
        ]
      : [],

  remove(now) {
    return { calls: [callOf("autoscaling:DeleteLifecycleHook", nameInAws(now))], isLast: true };
  },

  async lookAfresh(reader, now) {
    const { AutoScalingGroupName, LifecycleHookName } = nameInAws(now);
    const [answer, look] = await Promise.all([
      reader.call(DESCRIBE, { AutoScalingGroupName, LifecycleHookNames: [LifecycleHookName] }),
      lookOnGroup(reader, now),
    ]);
    theOne(DESCRIBE, answer.LifecycleHooks, `lifecycle hook ${LifecycleHookName}`);
    return look;
  },
};

interface NamedHook {
  readonly address: Address;
  /** As AWS calls it. */
  readonly given: string;
  readonly wanted: LifecycleHookSpec;
}

function namedHooks({ key, owner, spec }: ServiceContext, group: Address): NamedHook[] {
  const hooks = memberOf(spec.autoScalingGroups, childNameOf(group))?.lifecycleHooks ?? {};
  return Object.entries(hooks).map(([child, wanted]) => {
    const address = lifecycleHookAddress(group, child);
    const named = physicalName({ service: key.name, child, limit: NAME_LIMIT, owner, address });
    return { address, given: wanted.name ?? named, wanted };
  });
}

/** What a group is created with, so that its first instances wait for its hooks. */
export function hooksOfGroup(service: ServiceContext, group: Address): Value[] {
  return namedHooks(service, group).map(({ given, wanted }) => ({
    childName: given,
    ...fieldsFromSpec(FIELDS, wanted),
  }));
}

/** The same in AWS's terms. */
export function hookList(fields: Fields): HookInput[] {
  return records(fields, "lifecycleHooks").map((hook) => ({
    ...inputFrom(FIELDS, hook),
    LifecycleHookName: text(hook, "childName"),
    LifecycleTransition: text(hook, "lifecycleTransition"),
  }));
}

function isOfLaunch({ fields }: ObservedResource): boolean {
  return fields.lifecycleTransition === "autoscaling:EC2_INSTANCE_LAUNCHING";
}

/** By what AWS takes the hook in a call. */
function nameInAws({ parent, attributes }: ObservedResource) {
  return {
    AutoScalingGroupName: present(parent, "its group"),
    LifecycleHookName: present(attributes.name, "its LifecycleHookName"),
  };
}

interface SeenHook {
  readonly address: Seen["address"];
  readonly name: string;
  readonly group: string;
  readonly hookName: string;
  readonly fields: Fields;
  readonly nowMs: number;
}

function seen({ address, name, group, hookName, fields, nowMs }: SeenHook): Seen {
  return {
    ...{ kind: "lifecycleHook", id: name, name, address, fields },
    attributes: { name: hookName },
    refersTo: [group],
    parent: group,
    lifecycle: "ready",
    observedAtMs: nowMs,
  };
}
