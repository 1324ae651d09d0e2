/**
 * The part of the user data that is the same for every instance. It has three ways in: without an argument it is what
 * cloud-init runs; `boot` is the work, in a process of its own, so that whatever ends it leads to the report; `leave` is
 * the stop hook of the runner's unit. It uses bash, coreutils, curl, procps, iproute and the AWS CLI of the image.
 *
 * Objects are read and written with the AWS CLI, not with curl: it finds the role's credentials by itself, so that none
 * is ever in an argument, a file or a variable, and it knows every partition's endpoints. It has `--if-none-match` since
 * version 2.17.34; with an older one a problem is not reported, and the instance only retires.
 *
 * Rests on:
 * - User data runs as root, once, and its output is on the console:
 *   https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
 * - Metadata by token: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
 * - Tags in metadata: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/work-with-tags-in-IMDS.html
 * - `--releasever` fixes the version of every package, and without it the image's own release does:
 *   https://docs.aws.amazon.com/linux/al2023/ug/deterministic-upgrades-usage.html
 * - The address that SDKs ask for a container's credentials:
 *   https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 * - A write that only the first one can do: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 * - Who is terminated with decrement is not replaced:
 *   https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_TerminateInstanceInAutoScalingGroup.html
 */
export const BOOT_SCRIPT = String.raw`
export AWS_REGION=$REGION AWS_DEFAULT_REGION=$REGION AWS_PAGER='' AWS_EC2_METADATA_V1_DISABLED=true
# The loops below try again.
export AWS_MAX_ATTEMPTS=1 AWS_METADATA_SERVICE_TIMEOUT=5 AWS_METADATA_SERVICE_NUM_ATTEMPTS=3
home=/opt/windlass
log=/var/log/windlass-boot.log
instance='' deployment=''

now() { date --utc +%Y-%m-%dT%H:%M:%S.%3NZ; }
say() { printf 'windlass-boot %s %s\n' "$(now)" "$*"; }
fail() {
  say "problem: $*"
  exit 1
}
cloud() { aws --cli-connect-timeout 5 --cli-read-timeout 60 "$@"; }

# So many tries of a command, with pauses of 1, 2, 4, ... seconds.
retry() {
  local tries=$1 pause=1
  shift
  until "$@"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep "$pause"
    pause=$((pause * 2))
  done
}

# The token goes through standard input: arguments are there for everybody to read.
metadata() {
  local token at=http://169.254.169.254/latest
  token=$(curl --silent --fail --noproxy '*' --max-time 5 --request PUT \
    --header 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$at/api/token") || return 1
  printf 'X-aws-ec2-metadata-token: %s\n' "$token" |
    curl --silent --fail --noproxy '*' --max-time 5 --header @- "$at/meta-data/$1"
}

# What can not be read, or is not of the right form, stays empty. Tags can be late.
identify() {
  instance=$(retry "$1" metadata instance-id) || instance=''
  deployment=$(retry "$1" metadata tags/instance/windlass:deployment) || deployment=''
  [[ $instance =~ ^i-[0-9a-f]+$ ]] || instance=''
  [[ $deployment =~ ^[0-9]{8}t[0-9]{6}z-[1-9][0-9]*$ ]] || deployment=''
}

download() {
  local file=$home/$1 from=s3://$2/$3
  retry 4 cloud s3api get-object --bucket "$2" --key "$3" "$file" >/dev/null || fail "can not read $from"
  printf '%s  %s\n' "$4" "$file" | sha256sum --check --quiet || fail "$from is not the file with the sha256 $4"
}

install_engine() {
  set -- --assumeyes install "$ENGINE"
  [ -z "$RELEASE" ] || set -- "--releasever=$RELEASE" "$@"
  command -v "$ENGINE" || retry 3 dnf "$@" || fail "can not install $ENGINE"
  if [ "$ENGINE" = docker ]; then systemctl start docker.service; fi
}

boot() {
  say "area $AREA, account $ACCOUNT, $ENGINE on $MACHINE"
  [ "$(uname --machine)" = "$MACHINE" ] || fail "this is $(uname --machine), and what runs here is for $MACHINE"
  identify 6
  [ -n "$instance" ] || fail 'instance metadata does not tell the id of the instance'
  [ -n "$deployment" ] || fail 'instance metadata has no tag windlass:deployment with a deployment in it'
  say "instance $instance, deployment $deployment"
  install --directory --mode 0700 "$home" /var/lib/windlass
  install --mode 0700 "$0" "$home/boot"
  install_engine
  download node.tar.gz "$NODE_BUCKET" "$NODE_KEY" "$NODE_SHA256"
  tar --extract --gzip --no-same-owner --file "$home/node.tar.gz" --directory "$home" node
  rm "$home/node.tar.gz"
  "$home/node" --version || fail 'Node does not run here'
  download runner.mjs "$RUNNER_BUCKET" "$RUNNER_KEY" "$RUNNER_SHA256"
  ip address replace 169.254.170.2/32 dev lo
  environment >"$home/runner.env"
  unit >/etc/systemd/system/windlass-runner.service
  systemctl daemon-reload
  systemctl start windlass-runner.service
  say 'the runner is started'
}

# Standard input as the inside of a JSON text: plain ASCII of at most 4000 characters, so that two replacements do. What
# looks like a key or a token is taken out, though nothing here prints any.
to_text() {
  tr '\t' ' ' | tr --complement --delete '\n\40-\176' |
    sed --regexp-extended 's/(AKIA|ASIA)[A-Z0-9]{16}/[redacted]/g; s#[A-Za-z0-9+/=_-]{80,}#[redacted]#g' |
    tail --bytes 4000 | sed --null-data 's/[\\"]/\\&/g; s/\n$//; s/\n/\\n/g' | tr --delete '\0'
}

# Whether the object is the one that was given: written now, or by a try whose answer was lost.
put_once() {
  local pause key=runs/$deployment/$1 there
  there=$(mktemp)
  for pause in 1 2 4 8 16; do
    cloud s3api put-object --bucket "$STATE_BUCKET" --expected-bucket-owner "$ACCOUNT" --key "$key" \
      --if-none-match '*' --content-type application/json --body "$2" >/dev/null && return
    cloud s3api get-object --bucket "$STATE_BUCKET" --expected-bucket-owner "$ACCOUNT" --key "$key" "$there" \
      >/dev/null && { cmp --silent "$2" "$there"; return; }
    sleep "$pause"
  done
  return 1
}

# Tells the Lambda at once what it would find out after ten minutes, and why. Only who has the claim may: where the
# runner or the Lambda took it, the result is theirs.
report() {
  local file same
  if [ -z "$instance" ] || [ -z "$deployment" ]; then
    say 'no deployment to report on'
    return
  fi
  # A deployment's id ends in its epoch.
  same=$(printf '"schema":1,"deployment":"%s","epoch":%s,"instance":"%s","nonce":"%s"' \
    "$deployment" "$(cut --delimiter - --fields 2 <<<"$deployment")" "$instance" "$(cat /proc/sys/kernel/random/uuid)")
  file=$(mktemp)
  printf '{%s,"at":"%s","holder":"runner"}\n' "$same" "$(now)" >"$file"
  put_once claim.json "$file" || { say 'the claim is not to be had: nothing to report'; return; }
  printf '{%s,"outcome":"never-started","exitCode":null,"digest":null,"plan":null,"steps":[],"brokenLock":null,"notes":[],' \
    "$same" >"$file"
  printf '"failure":{"code":"boot-failed","message":"%s","hint":"%s"},"startedAt":"%s","endedAt":"%s"}\n' \
    "$1" "$2" "$started" "$(now)" >>"$file"
  if put_once result.json "$file"; then say 'reported'; else say 'the report is not stored'; fi
}

# Desired capacity, whether this instance is still in the group, and how many others are.
read_group() {
  local stays="!starts_with(LifecycleState,'Terminating') && !starts_with(LifecycleState,'Detach')"
  cloud autoscaling describe-auto-scaling-groups --auto-scaling-group-names "$DEPLOY_GROUP" --output text --query \
    "AutoScalingGroups[0].[DesiredCapacity,length(Instances[?InstanceId=='$instance' && $stays]),length(Instances[?InstanceId!='$instance' && $stays])]"
}

# An instance that merely shut down would be replaced.
retire() {
  local pause desired own others='' decrement
  [ -n "$instance" ] || { say 'no instance known to retire'; return; }
  for pause in 1 2 4 8 16 32; do
    read -r desired own others < <(read_group)
    [ "$own" != 0 ] || { say 'not in the group any more'; return; }
    if [ -n "$others" ]; then
      # With decrement the group would scale in the other instance, too, which may be the claim's holder.
      decrement=--should-decrement-desired-capacity
      if [ "$desired" = 0 ] || [ "$others" != 0 ]; then decrement=--no-should-decrement-desired-capacity; fi
      cloud autoscaling terminate-instance-in-auto-scaling-group --instance-id "$instance" "$decrement" >/dev/null &&
        { say 'retired'; return; }
      # Termination asks for no protection; a capacity of 0, from here or from the evening's action, does.
      cloud autoscaling set-instance-protection --auto-scaling-group-name "$DEPLOY_GROUP" --instance-ids "$instance" \
        --no-protected-from-scale-in
    fi
    sleep "$pause"
  done
  say 'can not terminate the instance'
  # Also where the group could not be read until now.
  cloud autoscaling set-instance-protection --auto-scaling-group-name "$DEPLOY_GROUP" --instance-ids "$instance" \
    --no-protected-from-scale-in
  case $others in
  0 | '') cloud autoscaling set-desired-capacity --auto-scaling-group-name "$DEPLOY_GROUP" --desired-capacity 0 ;;
  *) ;;
  esac
}

# A runner that was killed leaves Terraform behind. It is to store its state before the instance goes.
end_containers() {
  local left
  left=$(timeout 10 "$ENGINE" ps --quiet)
  [ -n "$left" ] || return
  say 'the runner left containers: interrupting Terraform'
  pkill --signal INT --exact 'terraform|tofu'
  # shellcheck disable=SC2086 # One word for each container.
  timeout 75 "$ENGINE" wait $left
}

give_up() {
  set +e
  trap - EXIT
  local lines
  lines=$(tail --lines 30 "$log" | to_text)
  {
    say 'the instance can not boot'
    identify 3
    report "$lines" "see $log in the instance's console output (aws ec2 get-console-output)"
    retire
    say 'powering off'
  } 2>&1 | tee --append "$log"
  systemctl poweroff
}

leave() {
  set +e
  say "the runner ended: $SERVICE_RESULT"
  end_containers
  identify 3
  # A runner that ended before it had the claim.
  [ "$SERVICE_RESULT" = success ] ||
    report "$(journalctl --unit windlass-runner --lines 30 --output cat | to_text)" 'the runner ended before it had the claim'
  retire
}

started=$(now)
case "$*" in
boot) boot ;;
leave) leave ;;
*)
  trap give_up EXIT
  # After ten minutes without a claim the Lambda gives the deployment up.
  timeout --verbose --kill-after 10 480 bash "$0" boot 2>&1 | tee --append "$log"
  trap - EXIT
  ;;
esac
`;
