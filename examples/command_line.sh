#!/usr/bin/env bash
# Everything from a terminal: pip install "blooio-client[cli,outbox]"
# BLOOIO_API_KEY=... bash command_line.sh +15551234567
set -euo pipefail
to=${1:-+15551234567}

blooio send "$to" "Your table is booked." --wait sent           # once, even if you run the line again in a loop
blooio messages "$to" --limit 3
blooio messages "$to" --limit 1 --json                          # one JSON object a line, for jq

printf 'phone,text\n%s,See you at seven!\n' "$to" > reminders.csv
blooio outbox add reminders.csv --campaign tonight --to-column phone --text-column text
blooio outbox preview tonight
