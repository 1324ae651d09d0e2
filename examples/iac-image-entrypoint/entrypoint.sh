#!/bin/sh
# Plans and applies the module beside this file.
#   plan                    shows what would change
#   apply, apply-no-color   changes it, trying ATTEMPTS times with PAUSE seconds between
set -u

: "${REGION:?}" "${GIT_REPO:?}" "${AREA:?}" "${ACCOUNT_ID:?}" "${DEPARTMENT:?}"
export TF_VAR_account_id="$ACCOUNT_ID" TF_VAR_owner="$DEPARTMENT/$GIT_REPO"

case "${1:-}" in
  plan | apply) colour= ;;
  apply-no-color) colour=-no-color ;;
  *)
    echo "usage: plan | apply | apply-no-color" >&2
    exit 64
    ;;
esac

plan() {
  cp .config/*.auto.tfvars.json . &&
    terraform init -input=false $colour &&
    terraform plan -input=false $colour -out=plan.tfplan
}

if [ "$1" = plan ]; then
  plan
  exit
fi

attempt=1
while ! { plan && terraform apply -input=false $colour plan.tfplan; }; do
  [ "$attempt" -ge "${ATTEMPTS:-1}" ] && exit 1
  attempt=$((attempt + 1))
  echo "attempt $attempt of $ATTEMPTS in ${PAUSE:-10} seconds"
  sleep "${PAUSE:-10}"
done
