/** What users and others do to a service: every way that the product has, each from a service that stands. */
import type { RareDeedName } from "./actors/rare-deeds.ts";
import type { SabotageName } from "./actors/saboteur.ts";
import { FLEETS } from "./fleets.ts";
import type { RareEditName } from "./rare-edits.ts";
import type { EditName } from "./specs.ts";
import type { Step } from "./steps.ts";

export interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
  /** Index of the step from which on calls and commits are attacked. */
  readonly from: number;
  /**
   * The same, with a user who waits for the daemon each time: where the user is in a hurry, no more changes than this
   * takes are a mistake, wherever the daemon stands when the next wish comes.
   */
  readonly unhurried?: readonly Step[];
  /** Changes that the fault-free run makes at most. */
  readonly most?: number;
  /** Of its attacks one in so many is made: it takes long, and most of them are made on others as well. */
  readonly oneIn?: number;
  /** See {@link History.isWhole}. */
  readonly isWhole?: boolean;
}

const SERVICE = "web-api";
const create: Step = { do: "create", service: SERVICE };
const attended: Step = { do: "create", service: SERVICE, asksFirst: true };
const settle: Step = { do: "settle", minutes: 90 };
const edit = (name: EditName | RareEditName): Step => ({ do: "edit", service: SERVICE, edit: name });
const sabotage = (what: SabotageName | RareDeedName): Step => ({ do: "sabotage", what, pick: 0 });
const wait = (seconds: number): Step => ({ do: "wait", seconds });

/** As {@link later}, with users who do not wait. */
function hurried(name: string, ...steps: Step[]): Scenario {
  const patient = steps.map((step) => (step.do === "wait" ? settle : step));
  return { ...later(name, ...steps), unhurried: later(name, ...patient).steps };
}

/** What happens to a service that has stood for a minute. */
function later(name: string, ...steps: Step[]): Scenario {
  return { name, steps: [create, settle, wait(60), ...steps, settle], from: 3 };
}

/** Somebody does the same for an hour, each time that it has been put right; attacked is what comes after. */
function fought(name: string, what: SabotageName, most: number): Scenario {
  const rounds = Array.from({ length: 12 }, () => [sabotage(what), wait(330)]).flat();
  const steps = [...later(name, ...rounds).steps];
  return { name, steps, from: steps.length - 1, most };
}

/** As {@link later}, where a guard holds back what is to be done for longer than anybody waits; attacked is what it waits. */
function guarded(name: string, before: readonly Step[]): Scenario {
  const steps: Step[] = [create, settle, wait(60), ...before, { do: "settle", minutes: 300 }];
  return { name, steps, from: steps.length - 1 };
}

/** As {@link later}, of a service whose user is asked before something is destroyed, and approves it after a while. */
function asked(name: string, ...steps: Step[]): Scenario {
  return { ...later(name, ...steps), steps: [attended, settle, wait(60), ...steps, settle] };
}

/** What happens to a tier that somebody else has made, is imported, and has been observed for a minute. */
function takenOver(name: string, ...steps: Step[]): Scenario {
  const begin: Step[] = [
    { do: "found", tier: "plain" },
    { do: "import", service: SERVICE },
    settle,
    wait(60),
  ];
  return { name, steps: [...begin, ...steps, settle], from: 4 };
}

const adopt: Step = { do: "adopt", service: SERVICE };
const release: Step = { do: "release", service: SERVICE };

const poke: Step = { do: "poke", service: SERVICE };
const steer = (how: Extract<Step, { do: "steer" }>["how"]): Step => ({ do: "steer", service: SERVICE, how });

/** The daemon looks and does not write while somebody moves something, until its ledger has it. */
function seen(what: SabotageName | RareDeedName): Step[] {
  return [{ do: "pause", service: SERVICE }, wait(5), sabotage(what), poke, wait(10), poke, wait(10)];
}

const resume: Step = { do: "resume", service: SERVICE };

const edits = (...names: EditName[]): Scenario[] => names.map((name) => later(`edit: ${name}`, edit(name)));
const sabotages = (...names: (SabotageName | RareDeedName)[]): Scenario[] =>
  names.map((name) => later(`somebody ${name}`, sabotage(name)));

export const SCENARIOS: readonly Scenario[] = [
  { name: "create", steps: [create, settle], from: 0 },
  ...edits(
    "two attributes",
    "attribute no longer declared",
    "tag changed",
    "tags removed",
    "fewer subnets",
    "security groups",
    "health check",
    "target group port",
    "load balancer scheme",
    "image",
    "bounds wider",
    "rule added",
    "rule removed",
    "rules permuted",
    "rule replaced at its priority",
    "rule conditions",
    "listener added",
    "listener removed",
    "certificates",
    "policy type",
    "policy removed",
    "alarm threshold",
    "alarm added",
    "alarm removed",
    "second target group",
    "group renamed",
    "target group renamed",
    "group and target group renamed",
    "rule gets the priority of one that goes",
  ),
  // Two tags to correct, one that goes ahead of them, and nothing else.
  { ...later("edit: rule renamed", edit("rule renamed")), most: 16 },
  hurried("a group renamed and back again", edit("group renamed"), wait(45), {
    do: "undo",
    service: SERVICE,
  }),
  ...sabotages(
    "terminates an instance",
    "changes an attribute of the load balancer",
    "changes the subnets",
    "changes our tags",
    "removes our tags",
    "changes a certificate",
    "changes a rule",
    "detaches the target group",
    "makes another version the default",
    "makes a version with more in it the default",
    "changes the group's settings",
    "silences an alarm",
    "deletes the load balancer",
    "deletes a listener",
    "deletes a rule",
    "deletes the target group",
    "deletes the group",
    "deletes the launch template",
    "deletes a policy",
    "deletes an alarm",
    "changes the health check",
    "changes a default action",
    "moves a rule",
    "changes the bounds",
    "changes a policy",
    "changes an alarm",
    "signs users in before a rule",
  ),
  later("secrets in rules change", edit("another secret header"), settle, sabotage("changes a rule")),
  later(
    "pause",
    { do: "pause", service: SERVICE },
    edit("idle timeout"),
    edit("user data"),
    sabotage("changes a rule"),
    wait(900),
    {
      do: "resume",
      service: SERVICE,
    },
  ),
  later(
    "a pause between two calls of one action",
    { do: "fault", fault: "slow", only: "CreateLaunchTemplateVersion", times: 1 },
    edit("tag added"),
    wait(3),
    { do: "pause", service: SERVICE },
    wait(300),
    { do: "resume", service: SERVICE },
  ),
  later(
    "tags are taken off without an answer, and a pause comes between",
    { do: "fault", fault: "failed before", only: "RemoveTags", times: 1 },
    edit("tags removed"),
    wait(1),
    { do: "pause", service: SERVICE },
    wait(300),
    { do: "resume", service: SERVICE },
  ),
  later(
    "default and additional certificate change places",
    edit("certificates"),
    settle,
    edit("certificates change places"),
  ),
  later("the default certificate goes", edit("certificates"), settle, edit("the second certificate alone")),
  later("a new port with sticky targets", edit("sticky targets"), settle, edit("target group port")),
  later(
    "a new port while policy and alarm follow the requests",
    edit("scaled and watched by requests"),
    settle,
    edit("target group port"),
  ),
  later(
    "a new port with a target registered by hand",
    sabotage("registers a target by hand"),
    wait(300),
    edit("target group port"),
  ),
  later(
    "all rules that AWS allows, and one replaced",
    { do: "quota", of: "rulesPerLoadBalancer", most: 2 },
    edit("a rule replaced"),
  ),
  later(
    "all rules that AWS allows, and one for another listener",
    { do: "quota", of: "rulesPerLoadBalancer", most: 2 },
    edit("a rule moves to the other listener"),
  ),
  later(
    "all listeners that AWS allows, and one moves",
    { do: "quota", of: "listenersPerLoadBalancer", most: 2 },
    edit("a listener moves"),
  ),
  later(
    "an alarm is changed, and what it watches deleted, while alarms cannot be read",
    { do: "outage", service: "cloudwatch", seconds: 300 },
    sabotage("changes an alarm"),
    sabotage("deletes the load balancer"),
  ),
  later("somebody changes a default action that shares the traffic out", edit("weighted targets"), settle, {
    do: "sabotage",
    what: "changes a default action",
    pick: 1,
  }),
  {
    ...later(
      "a rollout ends between two reads of a pass",
      // The lists that everything waits for take long, and the group's own does not.
      { do: "fault", fault: "slow", only: "elasticloadbalancing:Describe", times: 200 },
      edit("image"),
    ),
    most: 17,
  },
  {
    ...later(
      "a rollout over an instance that is protected from scale-in",
      { do: "neighbour", what: "protects an instance", pick: 0 },
      edit("image"),
      wait(7_200),
      edit("a refresh replaces what is protected"),
    ),
    most: 18,
  },
  later(
    "a bad image is rolled back by AWS, stays out, and a good one follows",
    edit("bad image"),
    wait(7_200),
    edit("bounds wider"),
    wait(3_600),
    edit("good image"),
  ),
  later(
    "a bad image is rolled back by Holdfast where AWS cannot, and a good one follows",
    edit("image looked up at each launch"),
    settle,
    edit("bad image"),
    wait(10_800),
    edit("good image"),
  ),
  later(
    "access logs are switched on and off again",
    edit("access logs"),
    settle,
    edit("attribute no longer declared"),
  ),
  later(
    "a correction whose answer is lost",
    { do: "fault", fault: "timed out after", only: "ModifyLoadBalancerAttributes", times: 1 },
    sabotage("changes an attribute of the load balancer"),
  ),
  fought("somebody changes an attribute again and again", "changes an attribute of the load balancer", 20),
  fought("somebody deletes an alarm again and again", "deletes an alarm", 20),
  {
    ...later(
      "AWS takes a change and does not make it",
      { do: "fault", fault: "ineffective", only: "ModifyTargetGroup", times: 4 },
      edit("health check"),
      wait(7_200),
      edit("idle timeout"),
    ),
    most: 21,
  },
  later("delete", { do: "delete", service: SERVICE }),
  later(
    "delete, and somebody takes a target group over between the list and its deletion",
    // So long is the list old when its turn comes.
    { do: "fault", fault: "slow", only: "DeleteAutoScalingGroup", times: 1 },
    { do: "delete", service: SERVICE },
    { do: "until", sends: "DeleteAutoScalingGroup" },
    sabotage("makes a target group of ours its own"),
  ),
  later("delete with an instance on standby", sabotage("puts an instance on standby"), wait(300), {
    do: "delete",
    service: SERVICE,
  }),
  later("delete while Terminate is suspended", sabotage("suspends Terminate"), wait(60), {
    do: "delete",
    service: SERVICE,
  }),
  {
    ...later(
      "delete by force",
      sabotage("suspends Terminate"),
      { do: "force", service: SERVICE },
      { do: "delete", service: SERVICE },
    ),
    // Nothing is resumed and no size is set: the group goes by one call.
    most: 18,
  },
  {
    name: "delete and retain",
    steps: [{ ...create, deletionPolicy: "Retain" }, settle, { do: "delete", service: SERVICE }, settle],
    from: 2,
    most: 22,
  },
  {
    name: "delete what is protected",
    steps: [
      { ...create, isProtected: true },
      settle,
      { do: "delete", service: SERVICE },
      wait(400),
      { do: "unprotect", service: SERVICE },
      settle,
    ],
    from: 2,
  },
  hurried("two edits in a row", edit("image"), wait(20), edit("rules permuted")),
  hurried("an edit taken back", edit("target group port"), wait(4), { do: "undo", service: SERVICE }),
  hurried("a rollout overtaken", edit("image"), wait(45), edit("user data")),
  hurried("a rollout taken back", edit("image"), wait(100), { do: "undo", service: SERVICE }),
  hurried("a rollout overtaken by a new port", edit("image"), wait(45), edit("target group port")),
  hurried("a rollout overtaken by another scheme", edit("image"), wait(60), edit("load balancer scheme")),
  hurried("a rollout overtaken by a new target group", edit("image"), wait(10), edit("second target group")),
  hurried("a new port and a rollout at once", edit("target group port"), edit("image")),
  hurried(
    "a rollout without an answer, overtaken by a new port",
    { do: "fault", fault: "timed out after", only: "StartInstanceRefresh", times: 1 },
    edit("image"),
    wait(40),
    edit("target group port"),
  ),
  hurried(
    "an order of rules without an answer, taken back",
    { do: "fault", fault: "timed out after", only: "SetRulePriorities", times: 1 },
    edit("rules permuted"),
    wait(4),
    { do: "undo", service: SERVICE },
  ),
  hurried(
    "a rule becomes another one, and another one again before that is done",
    edit("rule replaced at its priority"),
    edit("rules permuted"),
  ),
  hurried(
    "a rule gets another name without an answer, taken back while reads lag",
    { do: "fault", fault: "timed out after", only: "AddTags", times: 1 },
    edit("rule replaced at its priority"),
    wait(2),
    { do: "lag", service: "elasticloadbalancing", seconds: 20 },
    { do: "undo", service: SERVICE },
  ),
  hurried(
    "a change of rules without an answer, taken back under other names while reads lag",
    { do: "fault", fault: "timed out after", only: "ModifyRule", times: 2 },
    edit("rule conditions"),
    wait(2),
    { do: "lag", service: "elasticloadbalancing", seconds: 20 },
    { do: "undo", service: SERVICE },
    edit("rule renamed"),
  ),
  hurried(
    "a change of which AWS makes only a part, taken back while reads lag",
    { do: "fault", fault: "refused", only: "AddTags", times: 1 },
    edit("rule replaced at its priority"),
    wait(2),
    { do: "lag", service: "elasticloadbalancing", seconds: 20 },
    { do: "undo", service: SERVICE },
  ),
  hurried(
    "a policy replaced and taken back while its list lags",
    edit("policy type"),
    wait(3),
    { do: "lag", service: "autoscaling", seconds: 5 },
    { do: "undo", service: SERVICE },
  ),
  later(
    "an alarm is changed while its group is deleted",
    edit("alarm threshold"),
    // After the daemon has read the alarm, and before it writes it.
    wait(0.2),
    sabotage("deletes the group"),
  ),
  hurried("delete right after an edit", edit("listener added"), wait(1), { do: "delete", service: SERVICE }),
  later(
    "a service is posted again while it is being deleted",
    { do: "delete", service: SERVICE },
    wait(20),
    create,
  ),
  {
    name: "two services side by side",
    steps: [create, { do: "create", service: "web-two" }, settle],
    from: 0,
  },
  later("the database is lost", { do: "lose database" }, wait(5), create),
  hurried("an older database", { do: "backup" }, edit("rule removed"), wait(30), { do: "older database" }),
  later("an older database, after a rollout", { do: "backup" }, edit("idle timeout"), settle, {
    do: "older database",
  }),
  later("a scheduler scales", { do: "neighbour", what: "scales within the bounds", pick: 0 }),
  later(
    "a neighbour's rule",
    { do: "neighbour", what: "adds a rule of its own", pick: 0 },
    edit("rules permuted"),
  ),
  later("a neighbour's tag", { do: "neighbour", what: "tags our resources", pick: 0 }, edit("idle timeout")),
  later(
    "a neighbour's tier gets our tags",
    { do: "neighbour", what: "gives its own our tags", pick: 0 },
    wait(900),
    { do: "neighbour", what: "takes our tags off its own", pick: 0 },
  ),
  {
    name: "short pages",
    steps: [{ do: "short pages", items: 1 }, create, settle, edit("rules permuted"), settle],
    from: 3,
  },
  {
    name: "an edit during an outage",
    steps: [
      create,
      settle,
      wait(60),
      { do: "outage", service: "elasticloadbalancing", seconds: 400 },
      edit("idle timeout"),
      settle,
    ],
    from: 4,
  },
  {
    name: "a deletion during an outage",
    steps: [
      create,
      settle,
      wait(60),
      { do: "outage", service: "elasticloadbalancing", seconds: 400 },
      { do: "delete", service: SERVICE },
      settle,
    ],
    from: 4,
  },
  {
    name: "a deletion that ends in an outage",
    steps: [
      create,
      settle,
      wait(60),
      { do: "fault", fault: "failed before", only: "DeleteTargetGroup", times: 6 },
      { do: "delete", service: SERVICE },
      wait(75),
      { do: "outage", service: "elasticloadbalancing", seconds: 400 },
      settle,
    ],
    from: 4,
  },
  {
    name: "a deletion before the lists show anything",
    steps: [
      create,
      wait(1),
      ...["elasticloadbalancing", "autoscaling", "ec2", "cloudwatch"].map(
        (service): Step => ({ do: "lag", service, seconds: 20 }),
      ),
      { do: "delete", service: SERVICE },
      settle,
    ],
    from: 6,
  },
  {
    name: "a deletion that is shown the account of before",
    steps: [
      create,
      settle,
      wait(60),
      { do: "delete", service: SERVICE },
      wait(36),
      { do: "fault", fault: "older", only: "Describe", times: 6 },
      settle,
    ],
    from: 3,
  },
  later("names are pinned", edit("names pinned")),
  later(
    "another pinned name of a target group",
    edit("names pinned"),
    settle,
    edit("another target group name"),
  ),
  later("another pinned name of a group", edit("names pinned"), settle, edit("another group name")),
  later("names are pinned no more", edit("names pinned"), settle, edit("no names")),
  later("the clock goes back", { do: "clock jump", seconds: -3_600 }, edit("idle timeout")),
  later(
    "the clock goes back a day while a group is gone",
    sabotage("deletes the group"),
    { do: "clock jump", seconds: -86_400 },
    edit("idle timeout"),
  ),
  later("the clock leaps", { do: "clock jump", seconds: 86_400 }, sabotage("changes a rule")),
  later("our defaults are declined", edit("our defaults declined"), wait(120), {
    do: "approve",
    service: SERVICE,
  }),
  later(
    "our defaults are declined, and AWS refuses a part of it once",
    edit("our defaults declined"),
    wait(120),
    { do: "fault", fault: "refused", only: "CreateLaunchTemplateVersion", times: 1 },
    { do: "approve", service: SERVICE },
  ),
  asked("a load balancer is replaced with approval", edit("load balancer scheme")),
  asked(
    "somebody changes what waits to be replaced",
    edit("load balancer scheme"),
    wait(2),
    sabotage("changes the health check"),
    wait(12),
    poke,
    wait(8),
    poke,
    wait(8),
    poke,
  ),
  // What is deleted in the same pass is not put right before.
  {
    ...asked(
      "a load balancer drifts while its successor becomes ready",
      edit("load balancer scheme"),
      { do: "until", sends: "CreateRule" },
      wait(20),
      ...seen("changes an attribute of the load balancer"),
      wait(300),
      poke,
      wait(20),
      resume,
    ),
    most: 29,
  },
  // Nor is what is emptied to go.
  {
    ...asked(
      "somebody changes a group that is being emptied",
      edit("another group name"),
      { do: "until", sends: "UpdateAutoScalingGroup" },
      wait(15),
      { do: "sabotage", what: "changes the group's settings", pick: 1 },
      ...[poke, wait(4), poke, wait(4), poke],
    ),
    most: 22,
  },
  asked("a group is removed with approval", edit("group renamed")),
  asked("what serves is removed with approval", edit("listener added"), settle, {
    do: "undo",
    service: SERVICE,
  }),
  asked("a listener is removed with approval", edit("listener removed")),
  asked("an edit says that nothing waits any more", edit("nothing waits any more, and another scheme")),
  asked(
    "another edit comes before what was approved is done",
    edit("load balancer scheme"),
    wait(120),
    edit("idle timeout"),
  ),
  asked(
    "a correction terminates instances with approval",
    sabotage("makes the group larger than it may be"),
    settle,
    sabotage("makes the group larger than it may be"),
  ),
  asked(
    "somebody changes the template of a group whose user is asked",
    sabotage("makes a version with more in it the default"),
  ),
  {
    name: "every change is approved",
    steps: [
      { do: "create", service: SERVICE, asksFirst: "Always" },
      settle,
      wait(60),
      edit("target group port"),
      settle,
      sabotage("changes a rule"),
      settle,
    ],
    from: 3,
  },
  later(
    "credentials of another account",
    { do: "another account", seconds: 900 },
    edit("tag changed"),
    wait(960),
  ),
  {
    name: "import and observe",
    steps: [{ do: "found", tier: "plain" }, { do: "import", service: SERVICE }, settle],
    from: 1,
    most: 0,
  },
  // One call for each resource that AWS gives tags to, and nothing else.
  { ...takenOver("adopt", adopt), most: 7 },
  takenOver(
    "adopt, and AWS denies a tag",
    { do: "fault", fault: "refused", only: "TagResource", times: 2 },
    adopt,
  ),
  takenOver("adopt, and change the template right after", adopt, edit("image")),
  { ...takenOver("adopt, then release", adopt, settle, release), most: 14 },
  takenOver("adopt, release, and adopt again", adopt, settle, release, settle, adopt),
  takenOver(
    "release in the middle of an adoption",
    { do: "fault", fault: "refused", only: "CreateTags", times: 200 },
    adopt,
    wait(20),
    release,
  ),
  takenOver("somebody changes what is observed", sabotage("changes the health check"), wait(900)),
  takenOver(
    "somebody changes what is observed, and it is adopted",
    sabotage("changes the health check"),
    wait(900),
    adopt,
  ),
  takenOver("edit what is observed", edit("image"), wait(400), { do: "undo", service: SERVICE }),
  takenOver("delete what is observed", { do: "delete", service: SERVICE }),
  takenOver(
    "a child is another one when it is adopted",
    sabotage("puts a rule of its own in the place of one"),
    adopt,
    wait(400),
    release,
  ),
  takenOver("the database is lost after an adoption", adopt, settle, { do: "lose database" }, wait(5), {
    do: "poke",
    service: SERVICE,
  }),
  {
    name: "adopt what another tool manages",
    steps: [
      { do: "found", tier: "of a cluster" },
      { do: "import", service: SERVICE },
      settle,
      adopt,
      wait(400),
      { do: "disown", service: SERVICE },
      settle,
    ],
    from: 3,
  },
  takenOver("an adopted group is scaled by an edit", adopt, settle, edit("bounds wider")),
  later(
    "scheduled actions are edited and removed",
    edit("scheduled actions"),
    settle,
    edit("a scheduled action moved, and one removed"),
    settle,
    edit("no scheduled actions"),
  ),
  later("scheduled actions are due", edit("scheduled actions that are soon due"), wait(1_800)),
  later(
    "scheduled actions are removed once they were due",
    edit("scheduled actions that are soon due"),
    wait(1_800),
    edit("no scheduled actions"),
  ),
  hurried(
    "a hook is edited while its group is replaced",
    edit("lifecycle hooks"),
    settle,
    edit("group renamed"),
    wait(45),
    edit("a lifecycle hook changed"),
  ),
  hurried(
    "a warm pool is dropped and had again",
    edit("warm pool"),
    settle,
    wait(60),
    edit("no warm pool"),
    wait(20),
    edit("warm pool"),
  ),
  // Once its instances are there.
  later("a warm pool is dropped", edit("warm pool"), settle, wait(60), edit("no warm pool")),
  later(
    "the alarm of a policy is edited and dropped",
    edit("a policy with its alarm"),
    settle,
    edit("the alarm of a policy changed"),
    settle,
    edit("a policy without its alarm"),
  ),
  hurried(
    "a policy with its alarm is replaced",
    edit("a policy with its alarm"),
    settle,
    edit("a policy of another type with its alarm"),
    wait(20),
    edit("the alarm of a policy changed"),
  ),
  later("somebody moves a fixed capacity", edit("capacity fixed"), settle, sabotage("moves the capacity")),
  later(
    "somebody changes a scheduled action",
    edit("scheduled actions"),
    settle,
    sabotage("changes a scheduled action"),
  ),
  later(
    "somebody deletes a lifecycle hook",
    edit("lifecycle hooks"),
    settle,
    sabotage("deletes a lifecycle hook"),
  ),
  hurried(
    "a notification is edited, and dropped, while its group is replaced",
    edit("notifications"),
    settle,
    edit("a notification changed"),
    settle,
    edit("group renamed"),
    wait(45),
    edit("no notifications"),
  ),
  later("somebody deletes a notification", edit("notifications"), settle, sabotage("deletes a notification")),
  later(
    "somebody has a topic told of something else",
    edit("notifications"),
    settle,
    sabotage("has a topic told of something else"),
  ),
  later("somebody changes the warm pool", edit("warm pool"), settle, sabotage("changes the warm pool")),
  { ...later("drift is accepted", ...seen("changes the health check"), steer("accept"), resume), most: 13 },
  later(
    "drift moves on before it is accepted",
    ...seen("changes the health check"),
    sabotage("changes the health check to something else"),
    steer("accept"),
    poke,
    wait(10),
    steer("accept"),
    resume,
  ),
  later(
    "drift is left to others",
    ...seen("changes an attribute of the load balancer"),
    steer("ignore"),
    resume,
  ),
  later(
    "a rollback of more than it may change",
    edit("idle timeout"),
    settle,
    edit("retained, with another idle timeout"),
    settle,
    steer("roll back"),
    wait(3),
    steer("roll back"),
  ),
  guarded("an edit removes more rules than may go within an hour", [
    edit("many more rules"),
    settle,
    { do: "undo", service: SERVICE },
  ]),
  guarded("more drift than may be corrected within an hour", [
    { do: "correct at most", perHour: 2 },
    sabotage("changes the health check"),
    sabotage("changes an attribute of the load balancer"),
    sabotage("changes an alarm"),
  ]),
  guarded("drift that is corrected at night", [
    edit("corrected at night"),
    settle,
    sabotage("changes the health check"),
    wait(1_800),
  ]),
  {
    ...later("requests go where nobody is", edit("a listener for an empty target group"), wait(600), {
      do: "undo",
      service: SERVICE,
    }),
    // Until then the service is not ready, whatever comes.
    from: 5,
  },
  later("without credentials", { do: "credentials", seconds: 400 }, edit("tag changed")),
  later("a zone is lost", { do: "zone outage", zone: "us-east-1a", seconds: 900 }, wait(960)),
  later("an outage", { do: "outage", service: "elasticloadbalancing", seconds: 600 }, wait(660)),
  {
    name: "create during an outage",
    steps: [{ do: "outage", service: "cloudwatch", seconds: 300 }, create, settle],
    from: 1,
  },
  ...FLEETS,
];
