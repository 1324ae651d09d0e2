import type { ImageView } from "@windlass/area-view";
import type { ComponentChildren, VNode } from "preact";
import { ActionBar } from "./action-bar.tsx";
import type { ReadableArea } from "./api.ts";
import { useBoardContext } from "./board-context.ts";
import { ageAt } from "./format-age.ts";
import { ImageHistory } from "./image-history.tsx";
import { deploymentPath, imagePath } from "./route.ts";
import { RuleList } from "./rule-list.tsx";
import { shortDigest, shortenText } from "./shorten.ts";
import { ExternalLink, Facts, FailureNote, ProgressBar, StandingMark, Time, Version } from "./small-parts.tsx";
import { useNow } from "./use-now.ts";

interface ImagePageProps {
  readonly area: string;
  readonly image: string;
}

export function ImagePage({ area, image }: ImagePageProps): VNode {
  const { board } = useBoardContext();
  const status = board.areas.find((one) => one.area === area);
  const view = status?.kind === "area" ? status.images.find((one) => one.image === image) : undefined;
  return (
    <>
      <header class="page-head">
        <p class="quiet">
          <a href="/">Board</a> / {area}
        </p>
        <h1>{image}</h1>
        <AreaStrip image={image} current={area} />
      </header>
      {status === undefined && <p class="note is-bad">There is no area {area} in the mapping.</p>}
      {status?.kind === "unreadable" && <FailureNote error={status.error} title={`${area} can not be read.`} />}
      {status?.kind === "area" && view === undefined && <p class="note is-bad">{image} is not mapped to this area.</p>}
      {status?.kind === "area" && view !== undefined && <ImageDetails area={status} view={view} />}
    </>
  );
}

/** The same image in every area, side by side. */
function AreaStrip({ image, current }: { readonly image: string; readonly current: string }): VNode {
  const { board } = useBoardContext();
  return (
    <nav class="strip" aria-label="The image in each area">
      {board.areas.map((area) => {
        const view = area.kind === "area" ? area.images.find((one) => one.image === image) : undefined;
        return (
          <a
            key={area.area}
            href={imagePath(area.area, image)}
            aria-current={area.area === current ? "page" : undefined}
          >
            <span>{area.area}</span>
            {view === undefined ? <span class="quiet">not known</span> : <StandingMark standing={view.standing} />}
          </a>
        );
      })}
    </nav>
  );
}

function ImageDetails({ area, view }: { readonly area: ReadableArea; readonly view: ImageView }): VNode {
  const { image } = view;
  return (
    <div class="columns">
      <div>
        <section class={`card stands-${view.standing}`} aria-labelledby="stands">
          <h2 id="stands">Where it stands</h2>
          <p class="stands">
            <StandingMark standing={view.standing} />
            {view.text !== view.standing && <span>{shortenText(view.text)}</span>}
          </p>
          <ActiveDeployment area={area.area} view={view} />
          <FailureDetails area={area.area} view={view} />
          <ActionBar area={area.area} view={view} />
        </section>
        <section class="card" aria-labelledby="versions">
          <h2 id="versions">Versions</h2>
          <Facts facts={versionFacts(area.area, view)} />
        </section>
        <RuleList area={area.area} image={image} version={view} />
      </div>
      <ImageHistory area={area.area} image={image} version={view} />
    </div>
  );
}

function ActiveDeployment({ area, view: { deployment, image } }: AreaImageProps): VNode | null {
  const now = useNow(5_000);
  if (deployment === null) return null;
  const { phase, state, progress, launchedAt, waitingSince, cancel, logUrl, leaseAgeSeconds } = deployment;
  const label = `${phase ?? state}${progress === null ? "" : ` ${progress}`}`;
  return (
    <div class="running">
      <p>
        <a href={deploymentPath(area, deployment.deployment)}>{deployment.deployment}</a> · attempt {deployment.attempt}{" "}
        · {label} · since {ageAt(launchedAt ?? waitingSince, now)}
        {leaseAgeSeconds !== null && ` · last sign of life ${leaseAgeSeconds} s before`}
      </p>
      {state !== "waiting" && <ProgressBar progress={progress} label={`${image}: ${label}`} />}
      {cancel !== null && (
        <p class="is-waiting">
          {cancel.by} asked it to stop: {cancel.reason}
        </p>
      )}
      {logUrl !== null && <ExternalLink href={logUrl}>Log in the AWS console</ExternalLink>}
    </div>
  );
}

interface AreaImageProps {
  readonly area: string;
  readonly view: ImageView;
}

function FailureDetails({ area, view: { failure } }: AreaImageProps): VNode | null {
  if (failure === null) return null;
  const { outcome, at, message, hint, links, deployment } = failure;
  return (
    <div class="note is-bad">
      <p>
        <strong>{outcome}</strong>
        {at !== null && (
          <>
            {" "}
            <Time at={at} />
          </>
        )}
        {message !== null && `: ${message}`}
      </p>
      {hint !== null && <p>{hint}</p>}
      <p class="links">
        <a href={deploymentPath(area, deployment)}>Deployment and log</a>
        {links.issue !== null && <ExternalLink href={links.issue}>Issue</ExternalLink>}
        {links.check !== null && <ExternalLink href={links.check}>Check run</ExternalLink>}
      </p>
    </div>
  );
}

function versionFacts(area: string, view: ImageView): readonly (readonly [string, ComponentChildren])[] {
  const { head, live, previous, hold, block, attempts, deployNow, after } = view;
  const none = <span class="quiet">none</span>;
  const facts: readonly (readonly [string, ComponentChildren] | null)[] = [
    [
      "Head",
      head === null
        ? none
        : [<Version version={head} />, head.pushedAt !== null && [" pushed ", <Time at={head.pushedAt} />]],
    ],
    [
      "Live",
      live === null
        ? none
        : [
            <Version version={live} />,
            " since ",
            <a href={deploymentPath(area, live.deployment)}>
              <Time at={live.since} />
            </a>,
            live.disturbed && <span class="is-waiting"> a later deployment may have changed the account</span>,
          ],
    ],
    ["Previous", previous === null ? none : <Version version={previous} />],
    hold === null ? null : ["Hold", holdText(hold)],
    block === null
      ? null
      : [
          "Blocked",
          [
            block.outcome,
            " ",
            <Time at={block.at} />,
            " by ",
            <a href={deploymentPath(area, block.deployment)}>{block.deployment}</a>,
          ],
        ],
    attempts === null ? null : ["Attempts", attemptsText(attempts)],
    deployNow === null ? null : ["Allowed now", `by ${deployNow.by}: ${deployNow.reason}`],
    after.length === 0
      ? null
      : [
          "Comes after",
          after.map((one) => [
            <a key={one} href={imagePath(area, one)}>
              {one}
            </a>,
            " ",
          ]),
        ],
  ];
  return facts.filter((fact) => fact !== null);
}

function holdText({ digest, commit, request }: NonNullable<ImageView["hold"]>): string {
  const version = commit?.slice(0, 7) ?? (digest === null ? "nothing" : shortDigest(digest));
  return `at ${version} by ${request.by}: ${request.reason}`;
}

function attemptsText({
  failed,
  interrupted,
  cancelled,
  notBefore,
  digest,
}: NonNullable<ImageView["attempts"]>): ComponentChildren {
  const counts = `${failed} failed, ${interrupted} interrupted${cancelled ? ", cancelled" : ""} at ${shortDigest(digest)}`;
  return notBefore === null ? counts : [counts, "; next not before ", <Time at={notBefore} />];
}
