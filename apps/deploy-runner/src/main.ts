import { randomUUID } from "node:crypto";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { createDeployGroup } from "@windlass/asg-orchestrator";
import { createLedgerStore, createStoreState } from "@windlass/ledger-store";
import { describeError } from "@windlass/windlass-error";
import { type Config, loadConfig, readEnvironment } from "./config.ts";
import { createInstanceMetadata } from "./instance-metadata.ts";
import { openApplyRole } from "./open-apply-role.ts";
import { openEngine } from "./open-engine.ts";
import type { Identity, RunnerLog, RunnerPorts, RunSettings } from "./ports.ts";
import { type RunEnd, runDeployment } from "./run-deployment.ts";
import { systemClock } from "./runner-clock.ts";
import { RunnerError } from "./runner-error.ts";
import { createRunnerLog } from "./runner-log.ts";
import { createStop, type Stop } from "./stop.ts";

/** sysexits.h: EX_CONFIG. */
const EXIT_CONFIG = 78;

/** A call that hangs is worse than one that fails: the lease must be renewed in time. */
const HTTP = { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true };

async function main(): Promise<number> {
  const config = loadConfig(readEnvironment());
  const log = createRunnerLog({ level: config.logLevel, area: config.area, secrets: config.secrets });
  const stop = createStop();
  listenToSignals(stop, log);
  const settings = await toSettings(config, stop);
  const end = await runDeployment(openPorts(config, log.child({ deployment: settings.deployment })), settings);
  return exitCodeFor(end);
}

function listenToSignals(stop: Stop, log: RunnerLog): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      log.warn({ signal }, "signal received");
      stop.request({ kind: "interrupted", signal });
    });
  }
}

async function toSettings(config: Config, stop: Stop): Promise<RunSettings> {
  const metadata = createInstanceMetadata({ endpoint: config.metadataEndpoint, clock: systemClock() });
  const { area, account, region, stateBucket, endpointUrl, secrets, timings } = config;
  return {
    instance: config.instance ?? (await metadata.instanceId()),
    deployment: config.deployment ?? (await metadata.deployment()),
    nonce: randomUUID(),
    ...{ area, account, region, stateBucket, endpointUrl, secrets, timings, stop },
  };
}

function openPorts(config: Config, log: RunnerLog): RunnerPorts {
  const { region, stateBucket: bucket } = config;
  const sts = new STSClient({ region, requestHandler: HTTP });
  const s3 = { region, requestHandler: HTTP, forcePathStyle: config.endpointUrl !== null };
  const applyRole = openApplyRole(config, sts, log);
  return {
    store: createLedgerStore({ client: new S3Client(s3), bucket }),
    openState(assignment) {
      const role = applyRole(assignment);
      const credentials = role === null ? {} : { credentials: role.credentials };
      return createStoreState({ client: new S3Client({ ...s3, ...credentials }), bucket });
    },
    group: createDeployGroup({
      client: new AutoScalingClient({ region, requestHandler: HTTP }),
      group: config.deployGroup,
    }),
    identity: openIdentity(sts),
    engine: openEngine(config, { applyRole, log, requestHandler: HTTP }),
    clock: systemClock(),
    log,
  };
}

function openIdentity(client: STSClient): Identity {
  return {
    async account() {
      const { Account } = await client.send(new GetCallerIdentityCommand({}));
      if (Account !== undefined) return Account;
      throw new RunnerError({ code: "wrong-account", message: "AWS STS names no account for these credentials" });
    },
  };
}

/** 0 where nothing is left to do here: the result is known, or the deployment is another's. */
function exitCodeFor(end: RunEnd): number {
  if (!end.retired) return 1;
  switch (end.kind) {
    case "deployed":
      return end.stored ? 0 : 1;
    case "claim-lost":
      return 0;
    case "refused":
      return 1;
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  const isConfig = error instanceof RunnerError && error.code === "config-invalid";
  process.stderr.write(`windlass runner: ${isConfig ? error.message : describeError(error)}\n`);
  process.exitCode = isConfig ? EXIT_CONFIG : 1;
}
