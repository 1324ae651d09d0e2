import type { Standing, VersionView } from "@windlass/area-view";
import type { ComponentChildren, VNode } from "preact";
import type { Shown } from "./api-client.ts";
import { formatTime, formatUtc } from "./format-time.ts";
import { Icon } from "./icon.tsx";
import { parseProgress } from "./parse-progress.ts";
import { shortDigest, shortVersion } from "./shorten.ts";
import { STANDING_WORDS } from "./standings.ts";

export function StandingMark({ standing }: { readonly standing: Standing }): VNode {
  return (
    <span class={`standing is-${standing}`}>
      <Icon name={standing} />
      {STANDING_WORDS[standing]}
    </span>
  );
}

export function Time({ at }: { readonly at: string }): VNode {
  return (
    <time dateTime={at} title={formatUtc(at)}>
      {formatTime(at, { now: new Date() })}
    </time>
  );
}

/** A commit, linked where its page is known, with the digest beside it. */
export function Version({ version }: { readonly version: VersionView }): VNode {
  const { commit, commitUrl, digest } = version;
  const name = <code title={commit ?? digest}>{shortVersion(version)}</code>;
  return (
    <span class="version">
      {commitUrl === null ? name : <ExternalLink href={commitUrl}>{name}</ExternalLink>}
      {commit !== null && (
        <code class="quiet" title={digest}>
          {shortDigest(digest)}
        </code>
      )}
    </span>
  );
}

interface ExternalLinkProps {
  readonly href: string;
  readonly children: ComponentChildren;
}

export function ExternalLink({ href, children }: ExternalLinkProps): VNode {
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
      <Icon name="external" />
      <span class="unseen"> (opens a new tab)</span>
    </a>
  );
}

interface ProgressBarProps {
  readonly progress: string | null;
  readonly label: string;
}

/** Without a known part of the whole, it says only that something moves. */
export function ProgressBar({ progress, label }: ProgressBarProps): VNode {
  const part = parseProgress(progress);
  return part === null ? (
    <progress class="progress" aria-label={label} />
  ) : (
    <progress class="progress" aria-label={label} max={1} value={part} />
  );
}

interface FailureNoteProps {
  readonly error: Shown;
  readonly title?: string;
}

export function FailureNote({ error, title = "This can not be shown." }: FailureNoteProps): VNode {
  return (
    <div class="note is-bad">
      <strong>{title}</strong> {error.text}
    </div>
  );
}

interface FactsProps {
  readonly facts: readonly (readonly [string, ComponentChildren])[];
}

export function Facts({ facts }: FactsProps): VNode {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Loading({ what }: { readonly what: string }): VNode {
  return <p class="quiet loading">Reading {what}…</p>;
}
