/** What the simulated account promises to do with CloudTrail's calls and records as AWS does, and where AWS says so. */
import { type Behaviour, documented } from "../account/documented.ts";

const GUIDE = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide";
const API = "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference";

export const CLOUDTRAIL_BEHAVIOURS: readonly Behaviour[] = documented("cloudtrail", "cloudtrail", [
  [
    "record",
    "Every call is recorded with its caller, time, parameters, answer or error, and ids; the answer of a read is not.",
    `${GUIDE}/cloudtrail-event-reference-record-contents.html`,
  ],
  [
    "member-names",
    "Members of requests and answers begin with a small letter.",
    `${GUIDE}/cloudtrail-log-file-examples.html`,
  ],
  ["ec2-sets", "EC2's lists are sets of items.", `${GUIDE}/cloudtrail-log-file-examples.html`],
  [
    "launch-templates",
    "Requests on launch templates stand within a member named after the operation, with AWS's own names.",
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/using-cloudtrail.html",
  ],
  [
    "secrets",
    "User data, client secrets, private keys and values of parameters are hidden.",
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/using-cloudtrail.html",
  ],
  [
    "service-linked-role",
    "Auto Scaling calls other services in a session of its service-linked role, and is named in invokedBy.",
    `${GUIDE}/cloudtrail-event-reference-user-identity.html`,
  ],
  [
    "data-events",
    "Calls on messages, queues' attributes and metric data are data events: neither the history nor EventBridge has them.",
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/logging-using-cloudtrail.html",
  ],
  [
    "lookup",
    "LookupEvents answers at most 50 events, newest first, by at most one attribute and a range of time, also without a trail.",
    `${API}/API_LookupEvents.html`,
  ],
  ["resource-names", "Events are found by the resources that they name.", `${API}/API_LookupAttribute.html`],
  [
    "lookup-delay",
    "An event is found some minutes after its call; the delay can be set.",
    `${GUIDE}/get-and-view-cloudtrail-log-files.html`,
  ],
  ["ninety-days", "Events are found for 90 days.", `${GUIDE}/view-cloudtrail-events.html`],
  ["five-trails", "There are at most five trails.", `${GUIDE}/WhatIsCloudTrail-Limits.html`],
  [
    "trail-names",
    "A trail's name has 3 to 128 letters, digits, dots, hyphens and underscores.",
    `${API}/API_CreateTrail.html`,
  ],
  ["start-logging", "A trail logs from StartLogging until StopLogging.", `${API}/API_StartLogging.html`],
]);
