#!/usr/bin/env bash
# Builds everything and runs every test. The last line is the total: "N passed, N failed, N skipped".
#   ./test.sh            the default run
#   ./test.sh --full     with the long tests and a short benchmark (installs nginx and wrk from Debian)
#   ./test.sh --filter METHOD   only test methods that match, for example '*Budget*'
set -euo pipefail
cd "$(dirname "$0")"

full=0
filter=()
while [ $# -gt 0 ]; do
  case "$1" in
    --full) full=1 ;;
    --filter) filter=(-method "$2"); shift ;;
    -h | --help) sed -n '2,5p' "$0" | sed 's/^# \{0,1\}//'; exit 0 ;;
    *) echo "unknown option $1; see ./test.sh --help" >&2; exit 2 ;;
  esac
  shift
done
[ "$full" = 1 ] || filter+=(-trait- Category=Long)

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

echo "== tools and packages"
dotnet tool restore >/dev/null
dotnet restore Sluice.slnx --locked-mode -v quiet
echo "== format"
dotnet csharpier check .
echo "== build"
dotnet build Sluice.slnx --no-restore -v quiet -nodeReuse:false

passed=0 failed=0 skipped=0 broken=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for project in tests/*.Tests; do
  name=$(basename "$project")
  echo "== $name"
  "artifacts/bin/$name/debug/$name" -noColor "${filter[@]}" >"$log" 2>&1 && code=0 || code=$?
  grep -E '\[(FAIL|SKIP)\]|^ +(Shouldly|Assert|System\.|at Sluice)' "$log" | head -80 || true
  line=$(grep -E '^ +[A-Za-z.]+ +Total: ' "$log" | tail -n 1 || true)
  if [ -z "$line" ]; then
    # 8 means that the filter left nothing to run.
    [ "$code" = 8 ] && continue
    tail -n 30 "$log"
    broken=$((broken + 1))
    continue
  fi
  echo "$line"
  number() { sed -E "s/.*$1: ([0-9]+).*/\1/" <<<"$line"; }
  bad=$(($(number Failed) + $(number Errors)))
  failed=$((failed + bad))
  skipped=$((skipped + $(number Skipped)))
  passed=$((passed + $(number Total) - $(number Failed) - $(number Skipped)))
  [ "$code" = 0 ] || [ "$bad" -gt 0 ] || broken=$((broken + 1))
done

# The official clients of other languages; their own step, because they need Node.
if [ ${#filter[@]} -gt 2 ]; then
  :
elif node=$(node --version 2>/dev/null) && [ "$(sed -E 's/v([0-9]+).*/\1/' <<<"$node")" -ge 20 ]; then
  echo "== clients (Node $node)"
  (cd tests/clients && npm ci --ignore-scripts --silent && npm test --silent) >"$log" 2>&1 && code=0 || code=$?
  grep -E '^ +not ok|^not ok|^ +error: ' "$log" | head -80 || true
  count() { sed -nE "s/^# $1 ([0-9]+)$/\1/p" "$log" | tail -n 1; }
  if [ -z "$(count pass)" ]; then
    tail -n 30 "$log"
    broken=$((broken + 1))
  else
    echo "   clients  passed: $(count pass), failed: $(count fail), skipped: $(count skipped)"
    passed=$((passed + $(count pass))) failed=$((failed + $(count fail))) skipped=$((skipped + $(count skipped)))
    [ "$code" = 0 ] || [ "$(count fail)" -gt 0 ] || broken=$((broken + 1))
  fi
else
  echo "== clients: skipped, they need Node 20 or later"
  skipped=$((skipped + 1))
fi

if [ "$full" = 1 ]; then
  echo "== benchmark"
  bench/run.sh --quick
fi
failed=$((failed + broken))
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
