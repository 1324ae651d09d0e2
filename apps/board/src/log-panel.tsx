import type { VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { DeploymentView } from "./api.ts";
import { type FollowedRun, logText, stepsOf } from "./follow-log.ts";

type Step = DeploymentView["steps"][number]["step"];

interface LogPanelProps {
  readonly run: FollowedRun;
  readonly steps: DeploymentView["steps"];
  readonly isUnderWay: boolean;
}

/** Close enough to the end to be reading what comes. */
const END_PX = 24;

export function LogPanel({ run, steps, isUnderWay }: LogPanelProps): VNode {
  const [step, setStep] = useState<Step | null>(null);
  const [isFollowing, setFollowing] = useState(true);
  const log = useRef<HTMLPreElement>(null);
  const text = logText(run, step);
  useLayoutEffect(() => {
    if (isFollowing && log.current !== null) log.current.scrollTop = log.current.scrollHeight;
  }, [text, isFollowing]);
  const scroll = ({ currentTarget }: { readonly currentTarget: HTMLElement }) => {
    const { scrollHeight, scrollTop, clientHeight } = currentTarget;
    setFollowing(scrollHeight - scrollTop - clientHeight < END_PX);
  };
  return (
    <section class="card log-card" aria-labelledby="log">
      <div class="log-head">
        <h2 id="log">Log</h2>
        <StepTabs run={run} steps={steps} step={step} onStep={setStep} />
        <span class="quiet">{describeFollowing(run, isUnderWay, isFollowing)}</span>
        {!isFollowing && (
          <button type="button" class="small" onClick={() => setFollowing(true)}>
            To the end
          </button>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
      <pre ref={log} class="log" id="log-text" role="tabpanel" aria-label="Log" tabIndex={0} onScroll={scroll}>
        {text === "" ? "Nothing has been printed." : text}
      </pre>
    </section>
  );
}

interface StepTabsProps {
  readonly run: FollowedRun;
  readonly steps: DeploymentView["steps"];
  readonly step: Step | null;
  readonly onStep: (step: Step | null) => void;
}

function StepTabs({ run, steps, step, onStep }: StepTabsProps): VNode {
  const names: readonly (Step | null)[] = [null, ...stepsOf(run)];
  const move = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    const next = (names.indexOf(step) + by + names.length) % names.length;
    onStep(names[next] ?? null);
    const tab = (event.currentTarget as HTMLElement).children[next];
    if (tab instanceof HTMLElement) tab.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Steps" onKeyDown={move}>
      {names.map((name) => {
        const exitCode = steps.find((one) => one.step === name)?.exitCode ?? 0;
        return (
          <button
            key={name ?? "all"}
            type="button"
            role="tab"
            aria-selected={name === step}
            aria-controls="log-text"
            tabIndex={name === step ? 0 : -1}
            class={exitCode === 0 || exitCode === 2 ? "" : "is-bad"}
            onClick={() => onStep(name)}
          >
            {name ?? "all"}
          </button>
        );
      })}
    </div>
  );
}

function describeFollowing(run: FollowedRun, isUnderWay: boolean, isFollowing: boolean): string {
  if (run.end !== null || !isUnderWay) return "";
  return isFollowing ? "following" : "paused while you read";
}
