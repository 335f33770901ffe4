import { childNameOf, warmPoolAddress } from "../../../model/address.ts";
import type { Value } from "../../../model/value.ts";
import { callOf } from "../../core/actions.ts";
import { refTo } from "../../core/references.ts";
import type { Fields, FleetInstance, Pool, Seen } from "../../core/resource.ts";
import { type AutoScalingGroup, instancesOf } from "../auto-scaling-group/fleet.ts";
import { toldMembersOf } from "../coverage/answer-members.ts";
import { fieldsFromAws, fieldsFromSpec, fieldsOf, inputFrom } from "../field.ts";
import { number, text } from "../field-values.ts";
import { theOne } from "../fresh-look.ts";
import type { Found, Kind, Reader } from "../kind.ts";
import { lookOnGroup, nameOnGroup, placeOnGroup } from "../on-group.ts";
import { present, required } from "../required.ts";
import { memberOf } from "../spec-rule.ts";
import { drained, poolOf, removalOfPool, type WarmPool } from "./draining.ts";
import { warmPoolSchema } from "./schema.ts";

const PUT = "autoscaling:PutWarmPool";
const DESCRIBE = "autoscaling:DescribeWarmPool";
/** A group has one, without a name. */
const NAME = "warmPool";

export const FIELDS = fieldsOf(warmPoolSchema);

/**
 * A warm pool has no tags: the group that it is of carries ours. AWS tells of it with the group, so that it is not read;
 * its instances are, where it holds any, for which version of the launch template they have.
 */
export const warmPool: Kind<WarmPool> = {
  name: "warmPool",
  title: "warm pool",
  family: "compute",
  traits: {},
  isWhole: true,
  schema: warmPoolSchema,
  tagSource: "parent",
  sitsOn: "autoScalingGroup",

  desired({ spec }, before) {
    return before("autoScalingGroup").flatMap((group) => {
      const wanted = memberOf(spec.autoScalingGroups, childNameOf(group.address))?.warmPool;
      if (wanted === undefined) return [];
      return [
        {
          address: warmPoolAddress(group.address),
          kind: "warmPool" as const,
          name: nameOnGroup(group.name, NAME),
          fields: fieldsFromSpec(FIELDS, wanted),
          initial: { autoScalingGroup: refTo(group.address, "name") },
        },
      ];
    });
  },

  async list(_reader, _service, listed) {
    return (listed.get("autoScalingGroup") ?? []).flatMap((parent): Found<WarmPool>[] => {
      const { WarmPoolConfiguration: raw } = parent.raw as AutoScalingGroup;
      const name = nameOnGroup(present(parent.name, "its name"), NAME);
      return raw === undefined ? [] : [{ kind: "warmPool", id: name, name, raw, parent }];
    });
  },

  /** It is ours where the spec or a row says so. */
  isNamedByUs: () => false,

  async observe({ reader, found, sought }) {
    const group = present(found.parent, "its group");
    const its = group.raw as AutoScalingGroup;
    const { WarmPoolSize: size = 0 } = its;
    const name = present(group.name, "its group's name");
    const instances = size === 0 ? [] : await instancesIn(reader, name, its);
    return {
      ...seen({
        name: found.id,
        address: placeOnGroup(found, sought),
        group: name,
        fields: fieldsFromAws(FIELDS, found.raw),
        pool: { ...poolOf(found.raw, size), instances },
        nowMs: reader.nowMs(),
      }),
      members: toldMembersOf("warmPool", { [DESCRIBE]: found.raw }),
    };
  },

  create(_desired, fields) {
    return callOf(PUT, {
      ...inputFrom(FIELDS, fields),
      AutoScalingGroupName: text(fields, "autoScalingGroup"),
    });
  },

  /** AWS answers with nothing: what was sent is what is known. */
  created({ address, name }, sent, _output, nowMs) {
    const { autoScalingGroup: _group, ...fields } = sent;
    const group = text(sent, "autoScalingGroup");
    const pool = { size: 0, minSize: number(fields, "minSize"), isDeleting: false };
    return seen({ name, address, group, fields, pool, nowMs });
  },

  update({ fields, observed: now }) {
    return [
      callOf(PUT, { ...inputFrom(FIELDS, fields), AutoScalingGroupName: present(now.parent, "its group") }),
    ];
  },

  /** What takes it away (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutWarmPool.html). */
  defaultOf: (field): Value | undefined => (field === "maxGroupPreparedCapacity" ? -1 : undefined),

  consequences: ({ observed, differences }) => {
    const { size = 0 } = observed.pool ?? {};
    if (differences === "removed" && size > 0)
      return [{ effect: "cannotUndo", says: `the ${size} instances in it are terminated` }];
    return [];
  },

  remove: (now, isForced) =>
    removalOfPool(present(now.parent, "its group"), present(now.pool, "its size"), isForced),

  removing(now, calls) {
    const pool = drained(
      present(now.pool, "its size"),
      calls.map(({ operation }) => operation),
    );
    return pool === undefined ? { ...now, lifecycle: "deleting" } : { ...now, pool };
  },

  async lookAfresh(reader, now) {
    const AutoScalingGroupName = present(now.parent, "its group");
    const [answer, look] = await Promise.all([
      reader.call(DESCRIBE, { AutoScalingGroupName, MaxRecords: 1 }),
      lookOnGroup(reader, now),
    ]);
    const { WarmPoolConfiguration: found } = answer;
    theOne(DESCRIBE, found === undefined ? [] : [found], `the warm pool of ${AutoScalingGroupName}`);
    return look;
  },
};

/** docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeWarmPool.html: at most 50 in an answer. */
async function instancesIn(
  reader: Reader,
  AutoScalingGroupName: string,
  group: AutoScalingGroup,
): Promise<FleetInstance[]> {
  const Instances = await reader.list(DESCRIBE, { AutoScalingGroupName, MaxRecords: 50 }, (page) =>
    required(page.Instances, "Instances"),
  );
  return instancesOf({ ...group, Instances });
}

interface SeenPool {
  readonly address: Seen["address"];
  readonly name: string;
  readonly group: string;
  readonly fields: Fields;
  readonly pool: Pool;
  readonly nowMs: number;
}

function seen({ address, name, group, fields, pool, nowMs }: SeenPool): Seen {
  return {
    ...{ kind: "warmPool", id: name, name, address, fields, pool },
    attributes: {},
    refersTo: [group],
    parent: group,
    lifecycle: pool.isDeleting ? "deleting" : "ready",
    observedAtMs: nowMs,
  };
}
