import type { EC2Client, Instance } from "@aws-sdk/client-ec2";
import type { InstanceReading } from "@windlass/deployment";
import { callService } from "./call-service.ts";
import { toUnreadable } from "./orchestrator-error.ts";

/** A filter takes up to 200 values (EC2 API reference). */
const idsPerCall = 100;
const mostPages = 10;

/**
 * EC2's word on each instance. EC2 is asked with the filter `instance-id`, which leaves out what it does not know; asked
 * with plain ids, the whole call would fail for one of them (`InvalidInstanceID.NotFound`). A read that failed, or did
 * not come to its end, is unreadable and never `not-found`.
 */
export async function readInstances(
  loadEc2: () => Promise<EC2Client>,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<Readonly<Record<string, InstanceReading>>> {
  const readings = new Map<string, InstanceReading>();
  const unique = [...new Set(ids)];
  for (let start = 0; start < unique.length; start += idsPerCall) {
    const batch = unique.slice(start, start + idsPerCall);
    const read = await readBatch(loadEc2, batch, signal);
    for (const id of batch) readings.set(id, read(id));
  }
  return Object.fromEntries(readings);
}

type Answers = (id: string) => InstanceReading;

async function readBatch(
  loadEc2: () => Promise<EC2Client>,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Answers> {
  const states = new Map<string, string>();
  try {
    const complete = await readPages(await loadEc2(), ids, { signal, add: (id, state) => states.set(id, state) });
    return (id) => toReading(states.get(id), complete);
  } catch (error) {
    const unreadable = toUnreadable(error);
    return () => unreadable;
  }
}

interface PageReader {
  readonly signal: AbortSignal | undefined;
  readonly add: (id: string, state: string) => void;
}

/** False where there was still more after the last page that is read. */
async function readPages(ec2: EC2Client, ids: readonly string[], reader: PageReader): Promise<boolean> {
  const { DescribeInstancesCommand } = await import("@aws-sdk/client-ec2");
  let token: string | undefined;
  for (let page = 1; page <= mostPages; page += 1) {
    const input = {
      Filters: [{ Name: "instance-id", Values: [...ids] }],
      MaxResults: 1000,
      ...(token === undefined ? {} : { NextToken: token }),
    };
    const answer = await callService("DescribeInstances", reader.signal, (options) =>
      ec2.send(new DescribeInstancesCommand(input), options),
    );
    const instances: readonly Instance[] = (answer.Reservations ?? []).flatMap((one) => one.Instances ?? []);
    for (const instance of instances) reader.add(instance.InstanceId ?? "", instance.State?.Name ?? "");
    token = answer.NextToken;
    if (token === undefined || token === "") return true;
  }
  return false;
}

function toReading(state: string | undefined, complete: boolean): InstanceReading {
  if (state !== undefined) return { kind: "state", state };
  if (complete) return { kind: "not-found" };
  return { kind: "unreadable", code: "too-many-pages", message: "EC2's answer did not end" };
}
