#!/bin/sh
# Gavel as it ships. Its queues (which may be a range), their sizes, policies and workers are configured,
# and what must differ between two that run beside each other; all else is default.
set -eu
gso=true
[ "$BENCH_GSO" = 1 ] || gso=false
cat >"$BENCH_FOLDER/gavel.yaml" <<END
queues:
  - number: $1
    gso: $gso
    max-length: $BENCH_MAX_LENGTH
    copy-range: $BENCH_COPY_RANGE
    receive-buffer: $BENCH_RECEIVE_BUFFER
workers: $BENCH_WORKERS
metrics: {listen: "$BENCH_METRICS"}
events: {file: $BENCH_FOLDER/events.json}
policies: $BENCH_FOLDER/policies
END
exec "$BENCH_GAVEL/bin/gavel" run -c "$BENCH_FOLDER/gavel.yaml"
