import { childNameOf, scheduledActionAddress } from "../../../model/address.ts";
import type { Value } from "../../../model/value.ts";
import type { Input } from "../../../ports.ts";
import { callOf } from "../../core/actions.ts";
import { refTo } from "../../core/references.ts";
import type { DesiredResource, Fields, ObservedResource, Seen } from "../../core/resource.ts";
import { toldMembersOf } from "../coverage/answer-members.ts";
import { fieldsFromSpec, fieldsOf } from "../field.ts";
import { optionalNumber, optionalText, text } from "../field-values.ts";
import { theOne } from "../fresh-look.ts";
import type { Item, Kind } from "../kind.ts";
import { nameOrPinned } from "../names/pinned.ts";
import { listOnGroups, lookOnGroup, nameOnGroup, placeOnGroup } from "../on-group.ts";
import { present, required } from "../required.ts";
import { memberOf } from "../spec-rule.ts";
import type { WebServiceSpec } from "../web-service.ts";
import { hasPassed, isNextTime, isOver, moment, type Times, UTC } from "./due.ts";
import { type ScheduledActionSpec, scheduledActionSchema } from "./schema.ts";

export type ScheduledAction = Item<"autoscaling:DescribeScheduledActions", "ScheduledUpdateGroupActions">;

const PUT = "autoscaling:PutScheduledUpdateGroupAction";
const DESCRIBE = "autoscaling:DescribeScheduledActions";

const FIELDS = fieldsOf(scheduledActionSchema);

/** Scheduled actions have no tags: the group that they sit on carries ours. */
export const scheduledAction: Kind<ScheduledAction> = {
  name: "scheduledAction",
  title: "scheduled action",
  family: "compute",
  traits: {},
  isWhole: true,
  schema: scheduledActionSchema,
  tagSource: "parent",
  sitsOn: "autoScalingGroup",

  desired({ owner, spec }, before) {
    return before("autoScalingGroup").flatMap((group) =>
      Object.entries(actionsOf(spec, childNameOf(group.address))).map(([name, wanted]) => {
        const given = wanted.name ?? `${owner}/${name}`;
        return {
          address: scheduledActionAddress(group.address, name),
          kind: "scheduledAction" as const,
          ...nameOrPinned(
            wanted.name === undefined ? undefined : nameOnGroup(group.name, wanted.name),
            nameOnGroup(group.name, given),
          ),
          fields: fieldsOfSpec(wanted),
          initial: { autoScalingGroup: refTo(group.address, "name"), childName: given },
        };
      }),
    );
  },

  /** The start of what recurs is not sent once it has passed, for AWS takes no time that has. */
  atTime(desired, nowMs) {
    const times = timesIn(desired.fields);
    const hasStarted = hasPassed(times.startTime, nowMs);
    return {
      desired: hasStarted ? { ...desired, settings: { ...desired.settings, hasStarted } } : desired,
      isOver: isOver(times, nowMs),
    };
  },

  list(reader, _service, listed, sought) {
    return listOnGroups("scheduledAction", listed, sought, async (group) => {
      const items = await reader.list(
        DESCRIBE,
        { AutoScalingGroupName: group, MaxRecords: 100 },
        (page) => page.ScheduledUpdateGroupActions,
      );
      return items.map((item) => [required(item.ScheduledActionName, "ScheduledActionName"), item] as const);
    });
  },

  /** Its group and its name are all that there is of it: it is ours where the spec or a row says so. */
  isNamedByUs: () => false,

  async observe({ reader, found, service, sought }) {
    const address = placeOnGroup(found, sought);
    const group = present(found.parent?.name, "its group's name");
    const wanted = address === undefined ? undefined : specAt(service.spec, address);
    const nowMs = reader.nowMs();
    return {
      ...seen({
        name: found.id,
        address,
        group,
        actionName: required(found.raw.ScheduledActionName, "ScheduledActionName"),
        fields: fieldsFromAws(found.raw, wanted, nowMs),
        nowMs,
      }),
      members: toldMembersOf("scheduledAction", { [DESCRIBE]: found.raw }),
    };
  },

  create(desired, fields) {
    return callOf(PUT, {
      ...inputOf(desired, fields),
      AutoScalingGroupName: text(fields, "autoScalingGroup"),
      ScheduledActionName: text(fields, "childName"),
    });
  },

  /** AWS answers with nothing: what was sent is what is known. */
  created({ address, name }, sent, _output, nowMs) {
    const { autoScalingGroup: _group, childName: _name, ...fields } = sent;
    const names = { group: text(sent, "autoScalingGroup"), actionName: text(sent, "childName") };
    return seen({ name, address, fields, nowMs, ...names });
  },

  /**
   * What a put leaves out may stay as it was: AWS's reference has said that it does, and says nothing of it today
   * (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScheduledUpdateGroupAction.html). So it is taken away first.
   */
  update({ desired, fields, observed: now, differences }) {
    const put = callOf(PUT, { ...inputOf(desired, fields), ...nameInAws(now) });
    const isLess = differences.some((difference) => difference.desired === null);
    const removal = callOf("autoscaling:DeleteScheduledAction", nameInAws(now), []);
    return isLess ? [{ ...removal, removes: true as const }, put] : [put];
  },

  obstacles({ desired, observed: now, differences }) {
    const { recurrence, startTime } = timesIn(desired.fields);
    if (recurrence !== undefined || !hasPassed(startTime, now.observedAtMs)) return [];
    return differences.map(({ field }) => ({
      field,
      reason: "TimePassed" as const,
      message:
        `${desired.address} was due at ${startTime}, and AWS still has it, with another ${field}: somebody has put it off. ` +
        "AWS takes no time that has passed. Give it another `startTime`, or take it out of the spec",
    }));
  },

  consequences: ({ differences }) =>
    differences === "removed"
      ? [{ effect: "interrupts", says: "sizes of its group are not set at its times any more" }]
      : [],

  remove(now) {
    return { calls: [callOf("autoscaling:DeleteScheduledAction", nameInAws(now))], isLast: true };
  },

  async lookAfresh(reader, now) {
    const { AutoScalingGroupName, ScheduledActionName } = nameInAws(now);
    const [answer, look] = await Promise.all([
      reader.call(DESCRIBE, { AutoScalingGroupName, ScheduledActionNames: [ScheduledActionName] }),
      lookOnGroup(reader, now),
    ]);
    theOne(DESCRIBE, answer.ScheduledUpdateGroupActions, `scheduled action ${ScheduledActionName}`);
    return look;
  },
};

/** Those of a group, by their names in the spec. */
function actionsOf(spec: WebServiceSpec, group: string): Record<string, ScheduledActionSpec> {
  return memberOf(spec.autoScalingGroups, group)?.scheduledActions ?? {};
}

function specAt(spec: WebServiceSpec, address: string): ScheduledActionSpec | undefined {
  const [, group = "", , name = ""] = address.split(".");
  return memberOf(actionsOf(spec, group), name);
}

/** By what AWS takes the action in a call. */
function nameInAws({ parent, attributes }: ObservedResource) {
  return {
    AutoScalingGroupName: present(parent, "its group"),
    ScheduledActionName: present(attributes.name, "its ScheduledActionName"),
  };
}

function fieldsOfSpec(wanted: ScheduledActionSpec): Fields {
  const fields = fieldsFromSpec(FIELDS, wanted);
  return wanted.recurrence === undefined ? fields : { ...fields, timeZone: zoneOf(wanted.timeZone) };
}

/** One zone has two names. */
function zoneOf(timeZone: string = UTC): string {
  return timeZone === "UTC" ? UTC : timeZone;
}

function timesIn(fields: Fields): Times {
  return {
    recurrence: optionalText(fields, "recurrence"),
    timeZone: optionalText(fields, "timeZone"),
    startTime: optionalText(fields, "startTime"),
    endTime: optionalText(fields, "endTime"),
  };
}

/**
 * AWS's answer as fields. Of what recurs AWS shows the next time as its start: then it starts as the spec says.
 * @param wanted what the spec asks for at its place
 */
export function fieldsFromAws(
  action: ScheduledAction,
  wanted: Pick<ScheduledActionSpec, "startTime"> | undefined,
  nowMs: number,
): Fields {
  const { Recurrence: recurrence, StartTime, EndTime } = action;
  const startMs = StartTime?.getTime();
  const timeZone = recurrence === undefined ? undefined : zoneOf(action.TimeZone);
  const firstMs = wanted?.startTime === undefined ? nowMs : Math.max(nowMs, Date.parse(wanted.startTime) - 1);
  const isIts =
    recurrence !== undefined &&
    (startMs === undefined || isNextTime(startMs, { recurrence, timeZone }, firstMs));
  const startTime = isIts ? wanted?.startTime : startMs === undefined ? undefined : moment(startMs);
  const fields: Record<string, Value | undefined> = {
    recurrence,
    timeZone,
    startTime,
    endTime: EndTime === undefined ? undefined : moment(EndTime.getTime()),
    minSize: action.MinSize,
    maxSize: action.MaxSize,
    desiredCapacity: action.DesiredCapacity,
  };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([field, value]) => (value === undefined ? [] : [[field, value]])),
  );
}

type PutInput = Omit<Input<typeof PUT>, "AutoScalingGroupName" | "ScheduledActionName">;

function inputOf({ settings }: DesiredResource, fields: Fields): PutInput {
  const { recurrence, timeZone, startTime, endTime } = timesIn(fields);
  const isLeftOut = recurrence !== undefined && settings?.hasStarted === true;
  const sizes = {
    MinSize: optionalNumber(fields, "minSize"),
    MaxSize: optionalNumber(fields, "maxSize"),
    DesiredCapacity: optionalNumber(fields, "desiredCapacity"),
  };
  return {
    ...(recurrence === undefined ? {} : { Recurrence: recurrence, TimeZone: zoneOf(timeZone) }),
    ...(startTime === undefined || isLeftOut ? {} : { StartTime: new Date(startTime) }),
    ...(endTime === undefined ? {} : { EndTime: new Date(endTime) }),
    ...Object.fromEntries(Object.entries(sizes).filter(([, value]) => value !== undefined)),
  };
}

interface SeenAction {
  readonly address: Seen["address"];
  readonly name: string;
  readonly group: string;
  readonly actionName: string;
  readonly fields: Fields;
  readonly nowMs: number;
}

function seen({ address, name, group, actionName, fields, nowMs }: SeenAction): Seen {
  return {
    ...{ kind: "scheduledAction", id: name, name, address, fields },
    attributes: { name: actionName },
    refersTo: [group],
    parent: group,
    lifecycle: "ready",
    observedAtMs: nowMs,
  };
}
