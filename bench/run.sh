#!/usr/bin/env bash
# Measures the gateway beside nginx as reverse proxy and a bare Kestrel + HttpClient forwarder, all before one mock upstream.
#   bench/run.sh             seven interleaved rounds, medians, one table and the ratios
#   bench/run.sh --quick     three short rounds
#   bench/run.sh --json      a JSON line per row instead of the table
#   bench/run.sh --money     the gateway without budgets, with one, and with ten and ten thousand keys; --quick may follow
#   bench/run.sh --micro     the library's overhead per call and that of a hold, with BenchmarkDotNet
#   bench/run.sh --ledger    how large ten million calls are, and how soon reports over them are there
#   bench/run.sh --cancel    how soon a provider hears that a caller went away
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=7 seconds=4 json=0 money=0
while [ $# -gt 0 ]; do
  case "$1" in
    --quick) rounds=3 seconds=1 ;;
    --json) json=1 ;;
    --money) money=1 ;;
    --micro) exec dotnet run -c Release --project bench/Sluice.Bench -- micro --filter '*' --inProcess ;;
    --cancel) exec dotnet run -c Release --project bench/Sluice.Bench -- cancel ;;
    --ledger) exec dotnet run -c Release --project bench/Sluice.Bench -- ledger "${2:-10000000}" "${3:-0}" ;;
    -h | --help) sed -n '2,9p' "$0" | sed 's/^# \{0,1\}//'; exit 0 ;;
    *) echo "unknown option $1; see bench/run.sh --help" >&2; exit 2 ;;
  esac
  shift
done
say() { [ "$json" = 1 ] || echo "$@"; }

missing=()
command -v nginx >/dev/null || missing+=(nginx)
command -v wrk >/dev/null || missing+=(wrk)
if [ ${#missing[@]} -gt 0 ]; then
  as=(); [ "$(id -u)" = 0 ] || as=(sudo)
  "${as[@]}" apt-get update -qq >/dev/null && "${as[@]}" apt-get install -y -qq "${missing[@]}" >/dev/null 2>&1
fi
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_gcServer=0
say "building"
dotnet build bench/Sluice.Bench -c Release -v quiet -nodeReuse:false >/dev/null
dotnet build src/Sluice.Cli -c Release -v quiet -nodeReuse:false >/dev/null

work=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT

bin=artifacts/bin
cli="dotnet $bin/Sluice.Cli/release/Sluice.Cli.dll"
bench="dotnet $bin/Sluice.Bench/release/Sluice.Bench.dll"
$bench upstream 18081 & pids+=($!)

serve() { # name, port, budgets: a gateway with a configuration of its own; its data directory has its keys
  cat >"$work/$1.json" <<CONF
{
  "providers": { "up": { "preset": "openai", "baseUrl": "http://127.0.0.1:18081/v1", "apiKey": "env:BENCH_KEY" } },
  "routes": { "bench": { "targets": ["up/gpt-4o-mini"] } },
  "budgets": [$3]
}
CONF
  BENCH_KEY=upstream $cli serve --config "$work/$1.json" --data "$work/data-$1" --port "$2" --admin-port 0 >"$work/$1.log" 2>&1 &
  served=$!; pids+=($served)
}
body() { echo "{\"model\":\"bench\",\"max_tokens\":200,\"messages\":[{\"role\":\"user\",\"content\":\"What is a gate?\"}]$1}"; }
script() { # name, path, body, key
  printf 'wrk.method="POST"\nwrk.path="%s"\nwrk.headers["Content-Type"]="application/json"\nwrk.headers["Authorization"]="Bearer %s"\nwrk.body=[[%s]]\n' "$2" "$4" "$3" >"$work/$1.lua"
}
month='{ "name": "all", "limit": "1000000 USD", "per": "month" }'

rows="" ports="18081"
start() { # name, pid, port, workloads
  local load
  for load in $4; do rows="$rows $1:$2:$3:$load"; done
  ports="$ports $3"
}

start_money() {
  local ten=$month name each keys key budgets port=18084
  for name in day week total hour; do ten="$ten, { \"name\": \"$name\", \"limit\": \"1000000 USD\", \"per\": \"$name\" }"; done
  for each in tenant provider model route key; do ten="$ten, { \"name\": \"$each\", \"limit\": \"1000000 USD\", \"each\": \"$each\" }"; done
  while IFS='|' read -r name keys budgets; do
    key=$($bench keys "$work/data-$name" "$keys")
    script "$name" /v1/chat/completions "$(body '')" "$key"
    serve "$name" "$port" "$budgets"
    start "$name" "$served" "$port" "$name"
    port=$((port + 1))
  done <<<"none|1|
one|1|$month
ten|10000|$ten"
}

start_all() {
  $bench bare 18083 http://127.0.0.1:18081 & bare=$!; pids+=($bare)
  cat >"$work/nginx.conf" <<CONF
daemon off; worker_processes 2; pid $work/nginx.pid; error_log $work/nginx.log;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000; client_body_temp_path $work; proxy_temp_path $work; fastcgi_temp_path $work;
  uwsgi_temp_path $work; scgi_temp_path $work;
  upstream up { server 127.0.0.1:18081; keepalive 128; keepalive_requests 1000000; }
  server { listen 127.0.0.1:18082; location / { proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; } }
}
CONF
  nginx -c "$work/nginx.conf" & nginx=$!; pids+=($nginx)
  key=$($cli keys create bench --data "$work/data-sluice" | head -n 1)
  serve sluice 18084 "$month"
  script json /v1/chat/completions "$(body '')" "$key"
  script sse /v1/chat/completions "$(body ',"stream":true')" "$key"
  script cross /v1/messages "$(body '')" "$key"
  start nginx "$nginx" 18082 "json sse"
  start bare "$bare" 18083 "json sse"
  start sluice "$served" 18084 "json sse cross"
}
if [ "$money" = 1 ]; then start_money; else start_all; fi
for port in $ports; do
  until curl -s -o /dev/null "http://127.0.0.1:$port/"; do read -rt 0.2 <> <(:) || true; done
done

ticks() { # processor time of a process and its children, in clock ticks
  local sum=0 pid
  for pid in "$1" $(cat "/proc/$1/task/$1/children"); do
    sum=$((sum + $(awk '{print $14 + $15}' "/proc/$pid/stat")))
  done
  echo "$sum"
}
rss() { for pid in "$1" $(cat "/proc/$1/task/$1/children"); do awk '/VmRSS/ {print $2}' "/proc/$pid/status"; done | awk '{s += $1} END {print s / 1024}'; }

hz=$(getconf CLK_TCK)
once() { # server, pid, port, workload, connections, seconds -> "rps p50 p99 cpu"
  local before after out
  before=$(ticks "$2")
  out=$(wrk -t1 -c"$5" -d"$6"s --latency -s "$work/$4.lua" "http://127.0.0.1:$3")
  after=$(ticks "$2")
  if grep -qE 'Non-2xx|Socket errors' <<<"$out"; then echo "$1-$4: $(grep -E 'Non-2xx|Socket errors' <<<"$out")" >&2; fi
  awk -v cpu=$((after - before)) -v hz="$hz" '
    function us(t) { return t ~ /us$/ ? t + 0 : t ~ /ms$/ ? t * 1000 : t * 1000000 }
    /^ +50%/ { p50 = us($2) } /^ +99%/ { p99 = us($2) } /Requests\/sec/ { rps = $2 } /requests in/ { n = $1 }
    END { printf "%.0f %.0f %.0f %.2f\n", rps, p50, p99, n ? cpu * 1000000 / hz / n : 0 }' <<<"$out"
}
say "warming up"
for row in $rows; do IFS=: read -r name pid port load <<<"$row"; once "$name" "$pid" "$port" "$load" 16 4 >/dev/null; done
for connections in 1 16 64; do
  for round in $(seq "$rounds"); do
    say "connections $connections, round $round of $rounds"
    for row in $rows; do
      IFS=: read -r name pid port load <<<"$row"
      echo "$name-$load $connections $(once "$name" "$pid" "$port" "$load" "$connections" "$seconds") $(rss "$pid")" >>"$work/results"
    done
  done
done

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
figure() { awk -v n="$1" -v c="$2" -v f="$3" '$1 == n && $2 == c {print $f}' "$work/results" | median; }
[ "$json" = 1 ] || printf '\n%-14s %11s %9s %9s %9s %12s %7s\n' name connections rps p50us p99us cpuUsPerCall rssMb
for row in $rows; do
  IFS=: read -r name _ _ load <<<"$row"
  for connections in 1 16 64; do
    figures=()
    for field in 3 4 5 6 7; do figures+=("$(figure "$name-$load" "$connections" "$field")"); done
    if [ "$json" = 1 ]; then
      printf '{"name":"%s","connections":%s,"rps":%s,"p50us":%s,"p99us":%s,"cpuUsPerCall":%s,"rssMb":%.1f}\n' "$name-$load" "$connections" "${figures[@]}"
    else
      printf '%-14s %11s %9s %9s %9s %12s %7.1f\n' "$name-$load" "$connections" "${figures[@]}"
    fi
  done
done
if [ "$json" = 0 ] && [ "$money" = 0 ]; then
  ratio() { awk -v a="$(figure "$1" 64 3)" -v b="$(figure "$2" 64 3)" 'BEGIN {printf "%.2f", a / b}'; }
  echo
  echo "at 64 connections, throughput: json $(ratio sluice-json bare-json) of bare (goal 0.80), $(ratio sluice-json nginx-json) of nginx (goal 0.50)"
  echo "  sse $(ratio sluice-sse bare-sse) of bare (goal 0.80); cross $(ratio sluice-cross bare-json) of bare (goal 0.50)"
  echo "  processor time of a json call above bare: $(awk -v a="$(figure sluice-json 64 6)" -v b="$(figure bare-json 64 6)" 'BEGIN {printf "%.1f", a - b}') us (goal 12)"
fi
