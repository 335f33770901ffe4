/** Every bound of the program. A queue, list, cache or table without an entry here does not exist. */
export const LIMITS = {
  /** Rules of `spec.drift`. */
  driftRules: 100,
  /** Versions of a launch template that we have made and keep to go back to; and how many go with one call (AWS takes 200). */
  templateVersions: 20,
  templateVersionsPerCall: 200,
  /** Windows of `spec.windows`. */
  windows: 20,
  /** `Warning` headers of an answer, and characters of each. */
  warnings: 20,
  warningCharacters: 300,
  /** Request bodies, in bytes: a spec with user data at AWS's 16 KiB limit fits many times over. */
  bodyBytes: 1_048_576,
  /** Manifests in one POST /specs. */
  manifestsPerRequest: 100,
  /** Nesting of a manifest, in levels. */
  manifestDepth: 32,
  /** Nodes (maps, lists, scalars) of a manifest after aliases are expanded. */
  manifestNodes: 20_000,
  /** Items of one list of a spec: more are refused before they are compared with each other. */
  specListItems: 1_000,
  /** Faults that one answer names; how many more there are is said. */
  faultsPerAnswer: 500,
  /** Characters that are told of a fault, and of its path. */
  faultCharacters: 2_000,
  /** Lines of the token file, and browsers that are signed in; one more signs the oldest out. */
  tokens: 1_000,
  sessions: 1_000,
  /** Bytes of log lines that wait for a reader; what comes then is lost, and counted. */
  logBytes: 4_194_304,
  /** Characters of the reason of a pause for all. */
  pauseReasonCharacters: 300,
  /** A larger database is served before every page of it has been looked at; that goes on beside it. */
  databaseBytesReadAtStart: 33_554_432,
  /** Stored objects. */
  webServices: 10_000,
  /** Objects kept in memory as they were last read or written, as many records of what was applied, and JSON of as many. */
  decodedObjects: 256,
  listPage: 500,
  /** Objects read, and rows looked at for them, before everybody else has a turn. */
  listPiece: 20,
  rowsPerPiece: 500,
  /** Whole lists that are being sent at a time; one more gets 429. */
  wholeLists: 100,
  /** Simultaneous watches; one more gets 429. */
  watches: 200,
  /** Changes kept in memory for watches that resume; older ones get 410 Expired. */
  watchWindow: 5_000,
  /** Bytes of JSON that those changes may hold together. */
  watchWindowBytes: 16_777_216,
  /** Different texts that what is known of the whole fleet holds once, however many services say them. */
  sharedTexts: 4_096,
  /** Bytes waiting for a slow watcher before it is disconnected. */
  watchBufferBytes: 4_194_304,
  /** Characters of the reason that a person gives for a deed. */
  reasonCharacters: 1_000,
  /** Rows kept, newest first. */
  revisionsPerObject: 50,
  /**
   * Contents of a launch template that are remembered of each group: so many whose rollout was rejected, and so many others.
   * The oldest are forgotten, never the one that the spec asks for.
   */
  rolloutsPerGroup: 50,
  /** Instances of a group named in its status that run another version than the one that is wanted, and sentences of why a rollout failed. */
  behindShown: 20,
  rolloutEvidence: 5,
  driftEvents: 20_000,
  statusHistory: 100_000,
  events: 20_000,
  calls: 50_000,
  /** Days for which closed drift events, and the states that a service has had, are kept. */
  driftDays: 400,
  statusHistoryDays: 90,
  /** Values and times that are told of what keeps coming back. */
  contestValues: 3,
  contestTimes: 5,
  /** Drift events on one page of the ledger. */
  ledgerPage: 100,
  /** Services on the fleet page; what needs attention comes first. */
  servicesPerPage: 100,
  /** More services than this are gone through once a second at most, whoever asks; and lists of them that are kept so long. */
  servicesToldAnew: 500,
  fleetsTold: 20,
  /** Rows of one section of a status page. */
  rowsPerSection: 100,
  /** Resources in a coverage, and what it names of all of them together; how many more there are is said. */
  coverageRows: 300,
  coverageMembers: 400,
  /** Characters of a value in a coverage. */
  coverageValueCharacters: 200,
  /** Lines of the spec on a status page. */
  specLines: 2_000,
  /** Characters of one value on a status page. */
  shownValueCharacters: 400,
  /** Keys in the work queue. */
  queueKeys: 20_000,
  /** Passes at the same time. */
  concurrentPasses: 8,
  /** Passes beside those, for what people have changed. */
  passesForPeople: 8,
  /** Calls that wait for AWS's token buckets of one API; one more is refused as throttled. More than all services ask at once. */
  callsWaitingPerBucket: 20_000,
  /** Places in line for writes of one token bucket; who comes then is told when to come again, and has none. */
  turnsPerLine: 2_000,
  /** Answers of one Region that are remembered for all services, and lists of whole accounts among them. */
  sharedAnswers: 200_000,
  sharedLists: 40,
  /** Regions with clients of their own. */
  regions: 40,
  /** Writes of one pass at the same time. */
  concurrentCallsPerPass: 8,
  /** Bytes of one answer of AWS's: its largest pages have some hundred thousand. */
  awsAnswerBytes: 8_388_608,
  /** Characters of AWS's words that are kept of an error. */
  awsMessageCharacters: 1_000,
  /** Reads of one pass at the same time: a large service waits for its own, and leaves the others their turns. */
  concurrentReadsPerPass: 40,
  /** Rounds of plan and apply in one pass: the longest dependency path is five. */
  roundsPerPass: 12,
  /** Calls that a plan foretells, and times at which it waits on the way. */
  planSteps: 2_000,
  planStages: 40,
  /** Pages read of one list before it is called unreadable. */
  pagesPerList: 100,
  /** Resources of one service, by kind; AWS's default quotas where it has them. */
  listenersPerService: 50,
  rulesPerService: 100,
  targetGroupsPerService: 100,
  autoScalingGroupsPerService: 100,
  scalingPoliciesPerGroup: 50,
  scheduledActionsPerGroup: 125,
  lifecycleHooksPerGroup: 50,
  notificationsPerGroup: 10,
  alarmsPerService: 100,
  /** Of a message of the queue: bytes, levels, names of resources, members that its call wrote, characters of each text. */
  eventBytes: 1_048_576,
  eventDepth: 16,
  eventNames: 60,
  eventMembers: 200,
  eventCharacters: 400,
  /** Events whose repetition is known, and calls that are remembered for who did it: of all services, and of one. */
  eventIds: 20_000,
  hints: 5_000,
  hintsPerService: 200,
  /** Rows that are looked at for the names in one event, and services that it brings a look forward for. */
  madeRowsPerEvent: 100,
  /** Instances whose service is known to the events. */
  eventInstances: 50_000,
  /** Looks brought forward by events: of one service, and of all together, in a minute. */
  looksPerMinuteOfService: 4,
  looksPerMinute: 60,
  /** Calls of ours that are waited for to come back. */
  awaitedCalls: 100,
  /** Drift events for which it is sought who did it; and pages of one lookup. */
  soughtAttributions: 1_000,
  pagesPerLookup: 2,
  /** The simulated account's memory: recorded calls, fault rules at once, EC2 client tokens. */
  simulatorCalls: 10_000,
  simulatorFaultRules: 1_000,
  simulatorClientTokens: 10_000,
  /** Its queues, the messages of each, events on their way to them, CloudTrail's reads and writes (of each so many), access keys with a principal. */
  simulatorQueues: 1_000,
  simulatorQueueMessages: 20_000,
  simulatorEventsOnTheWay: 50_000,
  simulatorTrailRecords: 5_000,
  simulatorPrincipals: 1_000,
  /** Calls of a seed file. */
  simulatorSeedCalls: 1_000,
} as const;

/** AWS describes the tags of so many of Elastic Load Balancing's resources in one call: docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html */
export const ARNS_PER_TAG_CALL = 20;

/** Forgets what came first, where more is kept than may be: of a map or a set, whose order is that of coming. */
export function keepNewest<K>(
  kept: { readonly size: number; keys(): Iterable<K>; delete(key: K): boolean },
  most: number,
): void {
  for (const oldest of kept.keys()) {
    if (kept.size <= most) return;
    kept.delete(oldest);
  }
}
