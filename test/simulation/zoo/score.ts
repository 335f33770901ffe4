/**
 * Where each planted bug shows: the history of a seed, or a scenario with one attack or none. Without the bug each of them
 * passes. `npm run simulate -- --zoo` hunts for all of them and writes these rows.
 */
import type { Place } from "../pool.ts";

export const FOUND_AT: Readonly<Record<string, Place>> = {
  "what is accepted is not what was seen": { scenario: "drift moves on before it is accepted" },
  "a rollback decides what becomes of AWS's resources": {
    scenario: "a rollback of more than it may change",
  },
  "every account is the service's own": { scenario: "credentials of another account" },
  "members that the spec does not know are rolled out": {
    scenario: "somebody makes a version with more in it the default",
  },
  "a correction without an answer is somebody else's": { scenario: "a correction whose answer is lost" },
  "a fight never slows down": { scenario: "somebody changes an attribute again and again" },
  "what is left alone is left for ever": { scenario: "somebody deletes an alarm again and again" },
  "a write without effect is drift": { scenario: "AWS takes a change and does not make it" },
  "a rollout begins although AWS will wait for protected instances": {
    scenario: "a rollout over an instance that is protected from scale-in",
  },
  "a refresh that has ended leaves the group as it was listed": {
    scenario: "a rollout ends between two reads of a pass",
  },
  "what AWS does not take empty is emptied": { scenario: "access logs are switched on and off again" },
  "what is asked of a service that goes is taken and lost": {
    scenario: "a service is posted again while it is being deleted",
  },
  "a failed list is an empty one": { scenario: "an edit during an outage" },
  "only the first page is read": { scenario: "short pages" },
  "the tags of others are not looked at": { scenario: "a neighbour's rule" },
  "what carries our tag is ours": { scenario: "a neighbour's tier gets our tags" },
  "everything on a listener of ours is ours": { scenario: "a neighbour's rule" },
  "a successor is ready when it is there": { scenario: "edit: target group port" },
  "a group is emptied once there is another": { scenario: "edit: group renamed" },
  "a rule under another name is another rule": { scenario: "edit: rule renamed" },
  "what was taken for a rule is forgotten": {
    scenario: "a rule becomes another one, and another one again before that is done",
  },
  "a call that was not answered is forgotten with the name that it was sent for": {
    scenario: "a rule gets another name without an answer, taken back while reads lag",
  },
  "what the first calls of an action have done is not known before the last": {
    scenario: "a change of which AWS makes only a part, taken back while reads lag",
  },
  "the traffic moves at once": { scenario: "edit: target group port" },
  "a new target group is ready when it is there": { scenario: "edit: second target group" },
  "a target group that is not ready gets its share": { scenario: "edit: target group port" },
  "the default certificate moves before the list has the former one": { scenario: "edit: certificates" },
  "what is on standby keeps its group for ever": { scenario: "delete with an instance on standby" },
  "a group that may not terminate is waited for": { scenario: "delete while Terminate is suspended" },
  "force is not heard": { scenario: "delete by force" },
  "a trial forgets group stickiness": { scenario: "a new port with sticky targets" },
  "policies and alarms go before the requests": {
    scenario: "a new port while policy and alarm follow the requests",
  },
  "a target of somebody else's is waited for": { scenario: "a new port with a target registered by hand" },
  "what is full is full for ever": { scenario: "all rules that AWS allows, and one replaced" },
  "a listener goes before the one that it could become": {
    scenario: "all listeners that AWS allows, and one moves",
  },
  "names are drawn by chance": { scenario: "edit: rule renamed" },
  "a name does not say what cannot be changed": { scenario: "edit: target group port" },
  "a call is written down after its answer": { scenario: "create" },
  "a converged service is never looked at again": { scenario: "create" },
  "a failed service is not tried again": { scenario: "an edit during an outage" },
  "a new life waits to be asked": { scenario: "an older database" },
  "failures are repeated at once": { scenario: "an outage" },
  "drift counts at the first look": { seed: 42 },
  "a write is visible at once": { seed: 296 },
  "suspicion does not hold back": { scenario: "somebody changes an attribute of the load balancer" },
  "drift stays open for ever": { scenario: "somebody moves a rule" },
  "every pass is an event": { scenario: "create" },
  "the scheduler is overruled": { scenario: "create" },
  "tags of others are tidied away": { scenario: "a neighbour's tag" },
  "rules are moved one at a time": { scenario: "edit: rules permuted" },
  "a surplus rule keeps its priority": { scenario: "edit: rule gets the priority of one that goes" },
  "the template changes without a refresh": { scenario: "edit: image" },
  "a stopped refresh is a finished one": { scenario: "a rollout taken back" },
  "the version is made again and again": { scenario: "edit: tag changed" },
  "the user data stands in the status": { scenario: "pause" },
  "nothing read is all in sync": { scenario: "create during an outage" },
  "in sync before it is verified": { scenario: "create" },
  "what is surplus does not count": { scenario: "edit: target group port" },
  "the finalizer goes while AWS still holds something": { scenario: "delete" },
  "a released resource is released again": { scenario: "delete and retain" },
  "paused, and writes all the same": { scenario: "pause" },
  "another Region": { scenario: "create" },
  "an alarm is made without its owner": { scenario: "create" },
  "an attribute is never taken back": { scenario: "edit: attribute no longer declared" },
  "one empty answer ends a deletion": { scenario: "a deletion that is shown the account of before" },
  "a deletion trusts a list that lags": { scenario: "a deletion before the lists show anything" },
  "what is to be retained is deleted": { scenario: "delete and retain" },
  "a protected service goes in parts": { scenario: "delete what is protected" },
  "a clock that jumped back is believed": { seed: 391 },
  "a resource that could not be read is gone": {
    scenario: "edit: two attributes",
    attack: {
      do: "fault",
      fault: "failed before",
      from: 56,
      only: "elasticloadbalancing:DescribeLoadBalancerAttributes",
      times: 6,
    },
  },
  "a rollout is called drift": { scenario: "edit: two attributes" },
  "drift is put right in silence": { scenario: "somebody changes an attribute of the load balancer" },
  "the user data stands in the log": { scenario: "create" },
  "what is asked for during a pass is forgotten": { scenario: "a new port and a rollout at once" },
  "the finalizer goes although nothing could be read": { scenario: "a deletion that ends in an outage" },
  "a write is repeated without a look": {
    scenario: "create",
    attack: { do: "fault", fault: "throttled", only: "CreateTargetGroup" },
  },
  "a read that is older than our write counts as applied": {
    scenario: "edit: target group port",
    attack: { do: "lag", call: 84, seconds: 20 },
  },
  "what a call has not written counts as applied": {
    scenario: "edit: target group port",
    attack: { do: "fault", fault: "stale", call: 127 },
  },
  "a list that lacks what we have made is believed": {
    scenario: "edit: target group port",
    attack: { do: "fault", fault: "older", call: 59 },
  },
  "a cutover begins in the middle of a rollout": { scenario: "a rollout overtaken by a new port" },
  "a call that was not answered was not made": {
    scenario: "an order of rules without an answer, taken back",
  },
  "the journal names only the listener whose rules are moved": {
    scenario: "an order of rules without an answer, taken back",
  },
  "a plan outlives its spec": {
    scenario: "two edits in a row",
    attack: { do: "fault", fault: "slow", only: "CreateLaunchTemplateVersion", from: 55 },
  },
  "an alarm that is gone meanwhile is made without its owner": {
    scenario: "an alarm is changed while its group is deleted",
  },
  "a rollout that was not answered has not begun": { seed: 942 },
  "what is still shown of a removed resource is its record": {
    scenario: "a policy replaced and taken back while its list lags",
  },
  "what nobody knows counts as taken back": {
    scenario: "tags are taken off without an answer, and a pause comes between",
  },
  "what may have drifted is overwritten": {
    scenario: "an alarm is changed, and what it watches deleted, while alarms cannot be read",
  },
  "an interim state hides drift": {
    scenario: "somebody changes a default action that shares the traffic out",
  },
  "a pause lets a begun action go on": { scenario: "a pause between two calls of one action" },
  "only wanted target groups are asked for their requests": {
    scenario: "a new port with a target registered by hand",
  },
  "what needs consent is done without it": { scenario: "our defaults are declined" },
  "an approval is good for one step": {
    scenario: "our defaults are declined, and AWS refuses a part of it once",
  },
  "an approval outlives the edit that it was given to": {
    scenario: "another edit comes before what was approved is done",
  },
  "the successor of what waits is made": { scenario: "a load balancer is replaced with approval" },
  "an edit is judged by the approval that it brings": {
    scenario: "an edit says that nothing waits any more",
  },
  "what was approved once is approved for ever": {
    scenario: "a correction terminates instances with approval",
  },
  "a correction may terminate instances": { scenario: "a correction terminates instances with approval" },
  "what is only observed is written": { scenario: "import and observe" },
  "an adoption takes whatever has the name": {
    scenario: "a child is another one when it is adopted",
    attack: { do: "crash", point: "afterCommit", commit: 4, downSeconds: 3 },
  },
  "an adoption writes everything at once": { scenario: "adopt, and change the template right after" },
  "an adoption writes no tags": { scenario: "adopt" },
  "what was only seen is ours": { scenario: "import and observe" },
  "a release takes every tag away": { scenario: "adopt, then release" },
  "a release leaves the rows": { scenario: "adopt, release, and adopt again" },
  "a group goes by $Latest while a version is made": {
    scenario: "adopt, and change the template right after",
  },
  "what the spec cannot hold is lost with our first version": {
    scenario: "adopt, and change the template right after",
  },
  "the tags of another manager are not looked at": { scenario: "adopt what another tool manages" },
  "a name that is pinned is computed all the same": { scenario: "import and observe" },
  "what runs is forgotten with the database": { scenario: "the database is lost after an adoption" },
  "a database that was put back goes on as if nothing had happened": {
    scenario: "an older database, after a rollout",
  },
  "what was listed is deleted without another look": {
    scenario: "delete, and somebody takes a target group over between the list and its deletion",
  },
  "a mass deletion by an edit runs to its end": {
    scenario: "an edit removes more rules than may go within an hour",
  },
  "corrections have no budget": { scenario: "more drift than may be corrected within an hour" },
  "a correction waits for no window": { scenario: "drift that is corrected at night" },
  "health is that of the load balancer to come": { scenario: "edit: load balancer scheme" },
  "what we empty ourselves is watched like what serves": {
    scenario: "somebody changes a group that is being emptied",
  },
  "what is being removed is kept as it was": {
    scenario: "a load balancer drifts while its successor becomes ready",
  },
  "requests that reach nobody are well": { scenario: "requests go where nobody is" },
  "what waits to be replaced is not watched": { seed: 148 },
  "what has failed is rolled out again": {
    scenario: "a bad image is rolled back by AWS, stays out, and a good one follows",
  },
  "a fixed capacity is anybody's": { scenario: "somebody moves a fixed capacity" },
  "what a schedule has set is drift": { scenario: "scheduled actions are due" },
  "the next time of a schedule is its start": { scenario: "scheduled actions are edited and removed" },
  "a warm pool is deleted with its instances in it": { scenario: "a warm pool is dropped" },
  "what a schedule leaves behind is drift": {
    scenario: "scheduled actions are removed once they were due",
  },
  "a topic is told of one thing alone": { scenario: "somebody has a topic told of something else" },
  "what a service has written itself does not age what is known of it": {
    scenario: "a look is asked for while a pass writes",
  },
  "who waits for the same answer is told of before the own write": {
    scenario: "a list is slow for one service while another one is edited",
  },
  "a list whose later page failed is the whole list": {
    scenario: "the second page of a list fails for a fleet",
  },
  "a routine look doubts by what it knew": { scenario: "somebody changes a rule within a fleet" },
  "whoever edits is answered with what was known": { scenario: "edits within a fleet" },
  "attributes are never due": { scenario: "create" },
  "what was known counts as compared now": {
    scenario: "a fleet looks at what it knows, and at everything in time",
  },
  "whoever edits waits for a routine look": {
    scenario: "an edit comes while a routine look waits for AWS",
  },
  "a person's calls wait behind those of routine": {
    scenario: "an edit comes while routine waits for its budget",
  },
  "while one service fails the others wait": { scenario: "one service of a fleet fails all the time" },
  "what an event tells of is answered with what was known": {
    scenario: "events tell who did it, are forged, and stop",
  },
  "an own call that comes back is somebody's": { seed: 301 },
  "whoever did something has done it everywhere": { seed: 726 },
  "a look that could not tell says that all was right": {
    scenario: "somebody changes what was written a moment before",
  },
  "events that came once come for ever": { scenario: "events tell who did it, are forged, and stop" },
};
